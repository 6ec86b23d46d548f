import { lab } from "@ligature/lab";
import { createApp, LigatureError, silentLogger, type AppOptions, type WorkerOptions } from "ligature";
import { contract, task, type TaskOptions } from "ligature/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { labHandlers } from "../../support/lab.ts";
import { Journal } from "../../support/journal.ts";

const day = 24 * 3600 * 1000;
/** What is no duration at all, or too long, wherever one is given. */
const wrongDurations: readonly unknown[] = [
  -1,
  "-1s",
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "",
  "soon",
  181 * day,
  "181d",
  2 ** 40,
  true,
  {},
];
const wrongCounts: readonly unknown[] = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "1", 2 ** 60, true, {}];

async function codeOf(action: () => unknown): Promise<string> {
  try {
    const made = await action();
    if (typeof made === "object" && made !== null && Symbol.asyncDispose in made)
      await (made as AsyncDisposable)[Symbol.asyncDispose]();
    return "taken";
  } catch (error) {
    if (!(error instanceof LigatureError)) throw error;
    return error.code;
  }
}

/** Option, the least that works, what is too little, whether it is a duration. */
const appOptions: readonly [keyof AppOptions, readonly unknown[], readonly unknown[], "duration" | "count"][] = [
  ["rpcTimeout", [1, "1ms", "180d"], [0, "0s"], "duration"],
  ["publishTimeout", [1, "180d"], [0, "0ms"], "duration"],
  ["resultExpires", [1000, "1s", "180d"], [0, "0s", 1, 999], "duration"],
  ["chordExpires", [1000, "180d"], [0, "0d", 1, 999], "duration"],
  ["maxPayload", [1000, 2 ** 40], [0, 1, 999], "count"],
  ["maxPending", [1], [0], "count"],
  ["maxUnconfirmed", [1], [0], "count"],
];

const workerOptions: readonly [keyof WorkerOptions, readonly unknown[], readonly unknown[], "duration" | "count"][] = [
  ["concurrency", [1, 10_000], [0, 10_001], "count"],
  ["prefetch", [1, 65_535], [0, 65_536], "count"],
  ["shutdownTimeout", [0, "0s", "180d"], [], "duration"],
  ["progressInterval", [0, "180d"], [], "duration"],
  ["maxCallbacks", [0, 100_000], [100_001], "count"],
];

describe("the least that works", () => {
  it.each(appOptions)("of an app's %s is taken, less is refused", async (option, right, little, kind) => {
    const open = (value: unknown) => codeOf(() => createApp({ name: "a", log: silentLogger, [option]: value }));
    for (const value of right) expect(await open(value), String(value)).toBe("taken");
    for (const value of [...little, ...(kind === "duration" ? wrongDurations : wrongCounts)])
      expect(await open(value), String(value)).toBe("INVALID_OPTION");
  });

  it.each(workerOptions)("of a worker's %s is taken, less is refused", async (option, right, little, kind) => {
    await using app = createApp({ name: "a", log: silentLogger });
    const handlers = labHandlers(new Journal(), () => app.remote(lab));
    const open = (value: unknown) => codeOf(() => app.worker(lab, handlers, { [option]: value }));
    for (const value of right) expect(await open(value), String(value)).toBe("taken");
    for (const value of [...little, ...(kind === "duration" ? wrongDurations : wrongCounts)])
      expect(await open(value), String(value)).toBe("INVALID_OPTION");
  });

  const never = Number.NaN;
  it.each<[string, (value: unknown) => TaskOptions, readonly unknown[], readonly unknown[]]>([
    ["expires", (expires) => ({ expires }) as TaskOptions, [1, "180d"], [0, "0s", ...wrongDurations]],
    ["timeLimit.soft", (soft) => ({ timeLimit: { soft } }) as TaskOptions, [1, "180d"], [0, "0s", ...wrongDurations]],
    ["timeLimit.hard", (hard) => ({ timeLimit: { hard } }) as TaskOptions, [1, "180d"], [0, "0s", ...wrongDurations]],
    ["retry.delay", (delay) => ({ retry: { delay, maxDelay: "180d" } }) as TaskOptions, [0, "180d"], wrongDurations],
    ["retry.maxDelay", (maxDelay) => ({ retry: { delay: 0, maxDelay } }) as TaskOptions, [0, "180d"], wrongDurations],
    ["retry.limit", (limit) => ({ retry: { limit } }) as TaskOptions, [0, 1000], [1001, ...wrongCounts]],
    ["priority", (priority) => ({ priority }) as TaskOptions, [0, 9], [10, never, -1, 256, "1"]],
  ])("of a task's %s is taken, less is refused", async (_option, options, right, wrong) => {
    const queue = { name: "q", type: "classic", maxPriority: 9 } as const;
    const declare = (value: unknown) => codeOf(() => contract("c", { queue, tasks: { run: task(options(value)) } }));
    for (const value of right) expect(await declare(value), String(value)).toBe("taken");
    for (const value of wrong) expect(await declare(value), String(value)).toBe("INVALID_CONTRACT");
  });

  it.each<[string, readonly unknown[], readonly unknown[]]>([
    ["deliveryLimit", [1, 10_000], [0, 10_001, ...wrongCounts]],
    ["maxPriority", [1, 255], [0, 256, ...wrongCounts]],
    ["maxLength", [1, 1_000_000_000], [0, ...wrongCounts]],
  ])("of a queue's %s is taken, less is refused", async (option, right, wrong) => {
    const declare = (value: unknown) =>
      codeOf(() =>
        contract("c", {
          queue: { name: "q", type: "classic", [option]: value },
          tasks: { run: task({ params: { key: z.string() } }) },
        }),
      );
    for (const value of right) expect(await declare(value), String(value)).toBe("taken");
    for (const value of wrong) expect(await declare(value), String(value)).toBe("INVALID_CONTRACT");
  });

  it.each<[string, (value: unknown) => object, readonly unknown[], readonly unknown[]]>([
    ["countdown", (countdown) => ({ countdown }), [0, "0s", "180d"], wrongDurations],
    ["expires", (expires) => ({ expires }), [1, "180d", new Date(0)], [0, "0s", new Date(never), ...wrongDurations]],
    ["eta", (eta) => ({ eta }), [new Date(0)], [new Date(never), "soon", new Date(Date.now() + 200 * day)]],
    // Which are taken is a matter of the queue: test/conformance/small-surprises.test.ts.
    ["priority", (priority) => ({ priority }), [], [0, -1, 256, 0.5, never, "1"]],
    [
      "taskId",
      (taskId) => ({ taskId }),
      ["x", "é/2 :.", "x".repeat(200)],
      ["", "x".repeat(201), "é".repeat(101), "a\nb", "\ud800", 7, {}],
    ],
  ])("of a sent task's %s is taken, less is refused before anything is sent", async (_option, options, right, wrong) => {
    await using app = createApp({ name: "a", broker: `memory://${crypto.randomUUID()}`, log: silentLogger });
    const remote = app.remote(lab);
    for (const value of right)
      expect(await codeOf(() => remote.add.applyAsync([1, 2], options(value))), String(value)).toBe("taken");
    for (const value of wrong) {
      const made = codeOf(() => remote.add.applyAsync([1, 2], options(value)));
      expect(await made, String(value)).toBe("INVALID_OPTION");
      if (typeof value !== "string" || _option !== "taskId") continue;
      expect(await codeOf(() => app.sendTask("lab.add", [1, 2], { taskId: value }))).toBe("INVALID_OPTION");
    }
  });

  it("of a call's timeout is taken, less is refused; a wait may just look", async () => {
    await using app = createApp({ name: "a", broker: `memory://${crypto.randomUUID()}`, log: silentLogger });
    const remote = app.remote(lab);
    const call = (timeout: unknown) => codeOf(() => remote.add.with({ timeout: timeout as number })(1, 2));
    for (const value of [0, "0s", ...wrongDurations]) expect(await call(value), String(value)).toBe("INVALID_OPTION");
    expect(await call(1)).not.toBe("INVALID_OPTION");
    const sent = await remote.add.delay(1, 2);
    expect(await codeOf(() => sent.get({ timeout: 0 }))).toBe("TIMED_OUT");
    for (const value of wrongDurations) expect(await codeOf(() => sent.get({ timeout: value as number }))).toBe("INVALID_OPTION");
  });

  it("of a time limit is more than the time that the task may not start in", async () => {
    await using app = createApp({ name: "a", broker: `memory://${crypto.randomUUID()}`, log: silentLogger });
    const remote = app.remote(lab);
    const soon = (): Date => new Date(Date.now() + 60_000);
    for (const options of [
      { countdown: "5s", timeout: "1s" },
      { countdown: "30s" },
      { countdown: "31s" },
      { eta: soon(), timeout: "50s" },
    ] as const)
      expect(await codeOf(() => remote.add.with(options)(1, 2)), JSON.stringify(options)).toBe("INVALID_OPTION");
    for (const options of [
      { countdown: "5s", expires: "1s" },
      { countdown: "5s", expires: new Date(Date.now() + 1000) },
      { eta: soon(), expires: "10s" },
      { eta: soon(), expires: new Date(Date.now() + 1000) },
    ] as const) {
      expect(await codeOf(() => remote.add.applyAsync([1, 2], options)), JSON.stringify(options)).toBe("INVALID_OPTION");
    }
    const callback = lab.record.s("x").set({ countdown: "5s", expires: "1s" });
    expect(await codeOf(() => remote.add.applyAsync([1, 2], { link: callback }))).toBe("INVALID_OPTION");
    expect(await codeOf(() => remote.add.applyAsync([1, 2], { countdown: "5s", expires: "6s" }))).toBe("taken");
  });
});
