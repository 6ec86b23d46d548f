import { contract, task, type ContractOptions, type TaskOptions } from "ligature/contract";
import { LigatureError } from "ligature";
import { describe, expect, test } from "vitest";
import { z } from "zod";

/** Options that the types refuse as well; those who write JavaScript, or cast, meet the check. */
const untyped = (options: unknown): never => options as never;

/** What the DSL says of a contract: where, and in which words. */
function refusalOf(declare: () => unknown): { readonly path: unknown; readonly message: string } {
  try {
    declare();
  } catch (error) {
    if (error instanceof LigatureError && error.code === "INVALID_CONTRACT") {
      return { path: error.details?.["path"], message: error.rawMessage };
    }
    throw error;
  }
  throw new Error("nothing was refused");
}

const ofContract = (options: ContractOptions, name = "c"): ReturnType<typeof refusalOf> =>
  refusalOf(() => contract(name, options));
const ofTask = (options: TaskOptions, more: object = {}): ReturnType<typeof refusalOf> =>
  ofContract({ ...more, tasks: { run: task(untyped(options)) } });

describe("a contract refuses", () => {
  test.each([
    ["a name with a dot", "a.b"],
    ["a name that begins with a digit", "1a"],
    ["an empty name", ""],
    ["a name that is no string", 7 as never],
    ["a name that promises look for", "then"],
    ["a reserved word", "class"],
  ])("%s", (_, name) => {
    expect(ofContract({ tasks: { run: task() } }, name).path).toEqual([]);
  });

  test.each<[string, unknown, readonly string[], RegExp]>([
    ["no options at all", undefined, [], /needs an object/],
    ["no tasks", { tasks: {} }, ["tasks"], /has no tasks/],
    ["tasks that are no object", { tasks: 3 }, ["tasks"], /must be an object/],
    ["a task that isn't made with task()", { tasks: { run: {} } }, ["tasks", "run"], /must be made with task/],
    ["an unknown option", { tasks: { run: task() }, retries: 1 }, ["retries"], /unknown option "retries"/],
    ["an unknown runtime", { tasks: { run: task() }, runtime: "python" }, ["runtime"], /"ligature" or "celery"/],
    ["a queue that is neither name nor object", { tasks: { run: task() }, queue: 5 }, ["queue"], /a name or an object/],
    ["a queue without a name", { tasks: { run: task() }, queue: {} }, ["queue"], /A queue's name/],
    [
      "a queue of another type",
      { tasks: { run: task() }, queue: { name: "q", type: "stream" } },
      ["queue", "type"],
      /"quorum" or "classic"/,
    ],
    [
      "a delivery limit of 0",
      { tasks: { run: task() }, queue: { name: "q", deliveryLimit: 0 } },
      ["queue", "deliveryLimit"],
      /from 1 to/,
    ],
    [
      "a greatest length of a queue that Celery declares",
      { tasks: { run: task() }, runtime: "celery", queue: { name: "q", maxLength: 5 } },
      ["queue", "maxLength"],
      /needs a queue that Ligature declares/,
    ],
    [
      "priorities in a quorum queue",
      { tasks: { run: task() }, queue: { name: "q", maxPriority: 5 } },
      ["queue", "maxPriority"],
      /quorum queues have no x-max-priority/,
    ],
  ])("%s", (_, options, path, message) => {
    expect(ofContract(untyped(options))).toEqual({ path, message: expect.stringMatching(message) });
  });
});

describe("a task refuses", () => {
  test.each<[string, unknown, readonly string[], RegExp]>([
    ["an unknown option", { result: z.string() }, ["result"], /unknown option "result"/],
    ["a wire name with spaces", { name: "a b" }, ["name"], /wire name/],
    ["parameters that are a schema", { params: z.object({}) }, ["params"], /must be an object of schemas/],
    ["parameters in a list", { params: [z.string()] }, ["params"], /must be an object of schemas/],
    ["a first parameter that nothing fits", { params: { a: z.undefined() } }, ["params", "a"], /could never be linked/],
    ["a first parameter that is void", { params: { a: z.void() } }, ["params", "a"], /could never be linked/],
    [
      "a schema of zod 3, which has no _zod",
      { params: { a: { parse: (value: unknown) => value } } },
      ["params", "a"],
      /zod 4 schema/,
    ],
    ["a function as a result", { returns: z.function() }, ["returns"], /can't travel/],
    ["a file as a result", { returns: z.file() }, ["returns"], /can't travel/],
    ["progress that is no schema", { progress: "percent" }, ["progress"], /zod 4 schema/],
    ["a declared error of Ligature's own", { errors: { TaskError: z.string() } }, ["errors", "TaskError"], /Ligature's own/],
    ["a queue in detail", { queue: { name: "q" } }, ["queue"], /must be a queue's name/],
    ["an acknowledgement that doesn't exist", { ack: "never" }, ["ack"], /"late" or "early"/],
    ["ignoreResult that is no boolean", { ignoreResult: "yes" }, ["ignoreResult"], /true or false/],
    ["an expiry of 0", { expires: 0 }, ["expires"], /between 1 ms and 180 days/],
    ["a negative expiry", { expires: -1 }, ["expires"], /between 1 ms and 180 days/],
    ["an unknown time limit", { timeLimit: { medium: "1m" } }, ["timeLimit", "medium"], /unknown option/],
    ["a time limit that is no object", { timeLimit: "1m" }, ["timeLimit"], /must be an object/],
    ["a retry that is no object", { retry: 3 }, ["retry"], /must be an object/],
    ["an unknown retry option", { retry: { times: 3 } }, ["retry", "times"], /unknown option/],
    ["an unknown backoff", { retry: { backoff: "linear" } }, ["retry", "backoff"], /"exponential" or "fixed"/],
    ["a first delay over the longest", { retry: { delay: "1h", maxDelay: "1m" } }, ["retry", "delay"], /longer than maxDelay/],
    ["jitter that is no boolean", { retry: { jitter: 0.5 } }, ["retry", "jitter"], /true or false/],
    ["retries on something that is no list", { retry: { on: "Gone" } }, ["retry", "on"], /must be a list/],
  ])("%s", (_, options, path, message) => {
    expect(ofTask(untyped(options))).toEqual({ path: ["tasks", "run", ...path], message: expect.stringMatching(message) });
  });

  test("a priority over the queue's", () => {
    expect(ofTask({ priority: 9 }, { queue: { name: "q", type: "classic", maxPriority: 5 } })).toEqual({
      path: ["tasks", "run", "priority"],
      message: "c.run.priority (9) is over the queue's maxPriority (5).",
    });
  });

  test("options that aren't an object", () => {
    expect(() => task(untyped(5))).toThrow("task() takes one object");
    expect(() => task(untyped(z.string()))).toThrow("task() takes one object");
  });
});

describe("what a parameter's schema says of leaving it out", () => {
  const optional = (schema: z.ZodType): boolean | undefined =>
    contract("c", { tasks: { run: task({ params: { a: schema } }) } })["~contract"].tasks.get("run")?.params[0]?.optional;

  test.each<[string, z.ZodType, boolean]>([
    ["a plain one", z.string(), false],
    ["optional", z.string().optional(), true],
    ["nullish", z.string().nullish(), true],
    ["nullable", z.string().nullable(), false],
    ["with a default", z.string().default("a"), true],
    ["with a prefault", z.string().prefault("a"), true],
    ["optional within a pipe", z.string().optional().pipe(z.string().optional()), true],
    ["required again", z.string().optional().nonoptional(), false],
    ["with a catch, which zod's types call required", z.string().catch("a"), false],
    ["a union with an optional member", z.union([z.string(), z.number().optional()]), true],
    ["unknown", z.unknown(), false],
    ["preprocessed", z.preprocess((value) => value, z.string().optional()), true],
  ])("%s", (_, schema, expected) => {
    expect(optional(schema)).toBe(expected);
  });
});

test("a task's own queue is like the contract's, under its own name", () => {
  const spec = contract("c", {
    queue: { name: "q", type: "classic", maxPriority: 5, deliveryLimit: 3 },
    tasks: { run: task({ queue: "other", priority: 5 }) },
  })["~contract"];
  expect(spec.tasks.get("run")?.queue).toEqual({
    name: "other",
    type: "classic",
    deliveryLimit: 3,
    maxPriority: 5,
    owner: "ligature",
  });
});
