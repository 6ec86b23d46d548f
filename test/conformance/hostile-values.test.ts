import { TaskError, type Logger } from "ligature";
import { describe, expect, it } from "vitest";
import { combinations, startLabOn, type Combination } from "../support/combinations.ts";
import type { LabSystem } from "../support/lab.ts";
import { recordLog } from "../support/log-recorder.ts";
import { patience } from "../support/patience.ts";

const cycle: { status: number; self?: unknown } = { status: 502 };
cycle.self = cycle;

function withGetter(key: string): Error {
  return Object.defineProperty(new RangeError("seen"), key, {
    get() {
      throw new Error("not for you");
    },
  });
}

const hostile: readonly (readonly [name: string, value: unknown, told: RegExp])[] = [
  ["a cycle", cycle, /status: 502/],
  ["an object with a bigint", { code: 1n }, /code: 1n/],
  ["a bigint", 10n, /10n/],
  ["a symbol", Symbol("odd"), /Symbol\(odd\)/],
  ["undefined", undefined, /undefined/],
  [
    "a toJSON that throws",
    {
      status: 503,
      toJSON() {
        throw new Error("no");
      },
    },
    /status: 503/,
  ],
  ["an Error whose message can't be read", withGetter("message"), /can't be read/],
  ["an Error whose name can't be read", withGetter("name"), /seen/],
  ["an Error whose stack can't be read", withGetter("stack"), /seen/],
  ["an Error whose cause can't be read", withGetter("cause"), /seen/],
  ["an Error that is its own cause", Object.assign(new Error("again"), cycle, { cause: cycle }), /again/],
  [
    "a proxy that throws at everything",
    new Proxy(
      { status: 504 },
      Object.fromEntries(
        ["get", "has", "getPrototypeOf", "ownKeys", "getOwnPropertyDescriptor"].map((trap) => [
          trap,
          () => {
            throw new Error("trap");
          },
        ]),
      ),
    ),
    /status: 504/,
  ],
  ["a very long message", new Error("x".repeat(1_000_000)), /^x+/],
];

/** A service whose `explode` throws what the message names, and whose `add` logs it. */
async function startHostile(combination: Combination, log?: Logger): Promise<LabSystem & { readonly runs: string[] }> {
  const runs: string[] = [];
  const system = await startLabOn(combination, {
    ...(log !== undefined && { log }),
    handlers: {
      explode: (name) => {
        runs.push(name);
        throw hostile.find(([each]) => each === name)?.[1];
      },
      describe: (index, _unit, ctx) => {
        const [name, value] = hostile[index] ?? ["", undefined];
        runs.push(name);
        ctx.log.warn({ row: { value } }, "odd");
        ctx.log.error(value as object, "odder");
        return name;
      },
    },
  });
  return Object.assign(system, { runs });
}

const unreadable = new Proxy(new Error("no"), {
  get() {
    throw new Error("trap");
  },
});

const memory = combinations[0] as Combination;

/** What loggers of users do. */
const loggers: readonly (readonly [name: string, logger: Logger])[] = (() => {
  const of = (write: () => void, child?: () => Logger): Logger => {
    const logger: Logger = { debug: write, info: write, warn: write, error: write, child: child ?? ((): Logger => logger) };
    return logger;
  };
  const fail = (): never => {
    throw new Error("disk full");
  };
  return [
    ["that throws", of(fail)],
    ["that throws nothing readable", of(() => Promise.reject(unreadable) as never)],
    ["that rejects", of(() => Promise.reject(new Error("disk full")) as never)],
    ["that has no children", of(() => {}, fail)],
    [
      "that writes JSON",
      ((): Logger => {
        const write = (fields: object): void => void JSON.stringify(fields);
        const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
        return logger;
      })(),
    ],
  ];
})();

describe.each(combinations)("on $name", (combination) => {
  it("whatever a handler throws fails the task, after one run, with what can be told of it", async () => {
    await using system = await startHostile(combination);
    for (const [name, , told] of hostile) {
      const error = await system.remote.explode
        .with({ timeout: patience })(name)
        .catch((caught: unknown) => caught);
      expect(error, name).toBeInstanceOf(TaskError);
      expect(error, name).toMatchObject({ code: "TASK_FAILED", message: expect.stringMatching(told) });
    }
    expect(system.runs).toEqual(hostile.map(([name]) => name));
  });

  it("whatever a handler logs, the task goes on", async () => {
    await using system = await startHostile(combination);
    for (const [index, [name]] of hostile.entries()) {
      expect(await system.remote.describe.with({ timeout: patience })(index, "")).toBe(name);
    }
    expect(system.runs).toEqual(hostile.map(([name]) => name));
  });
});

describe.each(loggers)("a logger %s", (_name, log) => {
  it("changes nothing", async () => {
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): void => void rejections.push(reason);
    process.on("unhandledRejection", onRejection);
    try {
      await using system = await startHostile(memory, log);
      await expect(system.remote.explode("a cycle")).rejects.toMatchObject({ code: "TASK_FAILED" });
      expect(await system.remote.describe(1, "")).toBe("an object with a bigint");
      expect(system.runs).toEqual(["a cycle", "an object with a bigint"]);
      await new Promise((resolve) => setImmediate(resolve));
      expect(rejections).toEqual([]);
    } finally {
      process.off("unhandledRejection", onRejection);
    }
  });
});

it("what a logger can't write is given to it as text", async () => {
  const { log, lines } = recordLog();
  const strict: Logger = {
    ...log,
    warn: (fields, message) => log.warn(JSON.parse(JSON.stringify(fields)) as object, message),
    child: () => strict,
  };
  await using system = await startHostile(memory, strict);
  await system.remote.describe(1, "");
  expect(lines).toContainEqual({
    level: "warn",
    fields: { fields: expect.stringContaining("code: 1n") },
    message: "odd",
  });
});
