import { beforeEach, describe, expect, it } from "vitest";
import { newTaskMessage, routeOf, routeOfTask, type WireSignatureOptions } from "../../../../src/dist/protocol/index.js";
import type { Signature } from "../../../../src/dist/signature/index.js";
import { ours, theirs } from "../contract.ts";
import { at, compose, errorOf, later, now, restartIds, signatureWith, transmit, untyped, wire } from "../support.ts";

beforeEach(restartIds);

describe("routes", () => {
  const find = (name: string) => {
    const found = ours.tasks[name] ?? theirs.tasks[name];
    if (found === undefined) throw new Error(name);
    return found;
  };

  it("lead to our exchange, or to a Celery app's queue", () => {
    expect(routeOfTask(find("done"))).toEqual({ exchange: "ligature", routingKey: "ours" });
    expect(routeOfTask(find("limited"))).toEqual({ exchange: "ligature", routingKey: "limited" });
    expect(routeOfTask(find("done"), "fast")).toEqual({ exchange: "ligature", routingKey: "fast" });
    expect(routeOfTask(find("add"))).toEqual({ exchange: "", routingKey: "celery" });
    expect(routeOfTask(find("add"), "gpu")).toEqual({ exchange: "", routingKey: "gpu" });
  });

  it.each<[WireSignatureOptions, { exchange: string; routingKey: string }]>([
    [{}, { exchange: "", routingKey: "default" }],
    [{ queue: "q" }, { exchange: "", routingKey: "q" }],
    [
      { exchange: "x", routing_key: "k" },
      { exchange: "x", routingKey: "k" },
    ],
    [
      { exchange: "x", routing_key: "k", queue: "q" },
      { exchange: "x", routingKey: "k" },
    ],
    [{ exchange: "fanout" }, { exchange: "fanout", routingKey: "" }],
    [
      { exchange: "", routing_key: "q" },
      { exchange: "", routingKey: "q" },
    ],
    [
      { exchange: "", routing_key: "" },
      { exchange: "", routingKey: "default" },
    ],
    [{ routing_key: "k" }, { exchange: "", routingKey: "default" }],
  ])("are taken from the options %o", (options, expected) => {
    expect(routeOf(signatureWith({ options }), "default")).toEqual(expected);
  });
});

describe("signatureToWire", () => {
  it("carries the routing that a Python worker honours", () => {
    expect(wire(ours.si("failed", "k"))).toEqual({
      task: "ours.failed",
      args: ["k"],
      kwargs: {},
      options: { exchange: "ligature", routing_key: "ours", headers: { "ligature-fingerprint": "fp-failed" } },
      subtask_type: null,
      immutable: true,
    });
    expect(wire(theirs.s("add", 2))).toEqual({
      task: "tasks.add",
      args: [2],
      kwargs: {},
      options: { queue: "celery" },
      subtask_type: null,
      immutable: false,
    });
    expect(wire(ours.si("failed", "k").set({ queue: "fast" })).options).toMatchObject({
      exchange: "ligature",
      routing_key: "fast",
    });
    expect(wire(theirs.s("add", 2).set({ queue: "gpu" })).options).toEqual({ queue: "gpu" });
  });

  it("writes Celery's options in seconds", () => {
    expect(wire(ours.si("limited").set({ queue: "fast", priority: 3, countdown: "90s" })).options).toEqual({
      exchange: "ligature",
      routing_key: "fast",
      priority: 3,
      expires: 3600,
      time_limit: 2700,
      soft_time_limit: 2400,
      ignore_result: true,
      headers: { "ligature-countdown": "90000", "ligature-fingerprint": "fp-limited" },
    });
    expect(wire(theirs.s("add", 2).set({ countdown: "90s" })).options).toEqual({ queue: "celery", countdown: 90 });
  });

  it("writes moments as headers, where Celery can't trip over them", () => {
    const { options } = wire(ours.si("failed", "k").set({ eta: later, expires: later, headers: { tenant: "acme" } }));
    expect(options).toEqual({
      exchange: "ligature",
      routing_key: "ours",
      headers: {
        tenant: "acme",
        eta: "2026-11-22T13:00:00.000+00:00",
        expires: "2026-11-22T13:00:00.000+00:00",
        "ligature-fingerprint": "fp-failed",
      },
    });
    // A Celery app waits for its own tasks in its own way.
    expect(wire(theirs.s("add", 2).set({ eta: later })).options).toEqual({
      queue: "celery",
      eta: "2026-11-22T13:00:00.000+00:00",
    });
  });

  it("describes bound arguments in a header, counted from the right", () => {
    const { args, options } = wire(ours.s("done", at));
    expect(args).toEqual([at.toISOString()]);
    expect(JSON.parse(String(options.headers?.["ligature-meta"]))).toEqual({ b: 1, m: { values: { "0": ["Date"] }, v: 1 } });
    expect(wire(ours.s("done")).options.headers).toEqual({ "ligature-fingerprint": "fp-done" });
  });

  it("nests callbacks, and chains as Celery's chains", () => {
    const callback = ours
      .s("done")
      .link(untyped(theirs.s("add", 1), ours.si("failed", "x")))
      .linkError(ours.si("failed", "k"));
    expect(wire(callback).options).toMatchObject({
      link: [
        {
          task: "celery.chain",
          subtask_type: "chain",
          args: [],
          options: {},
          immutable: false,
          kwargs: {
            tasks: [
              { task: "tasks.add", args: [1] },
              { task: "ours.failed", immutable: true },
            ],
          },
        },
      ],
      link_error: [{ task: "ours.failed", args: ["k"] }],
    });
    expect(wire(untyped(ours.si("failed", "a"), ours.si("failed", "b"))).immutable).toBe(true);
  });

  it.each<[string, () => Signature<unknown, unknown>, string, string]>([
    [
      "too much to describe",
      () =>
        ours.s("done", undefined).set({}) &&
        ours.si(
          "done",
          Array.from({ length: 2000 }, () => at),
        ),
      "UNREADABLE",
      "Bind an id instead",
    ],
    ["an unwritable argument", () => ours.si("done", () => 1), "UNREADABLE", 'argument "result" is a function'],
    [
      "a reserved header",
      () => ours.si("failed", "k").set({ headers: { task: "x" } }),
      "INVALID_OPTION",
      "option headers.task must be left to Celery",
    ],
    [
      "our header",
      () => ours.si("failed", "k").set({ headers: { "ligature-deadline": 1 } }),
      "INVALID_OPTION",
      "headers.ligature-deadline",
    ],
    [
      "a header of another type",
      () => ours.si("failed", "k").set({ headers: { a: [] as never } }),
      "INVALID_OPTION",
      "option headers.a must be",
    ],
    ["a wrong priority", () => ours.si("failed", "k").set({ priority: 256 }), "INVALID_OPTION", "option priority must be"],
    [
      "a wrong countdown",
      () => ours.si("failed", "k").set({ countdown: "soon" as never }),
      "INVALID_OPTION",
      "ours.failed: countdown must be",
    ],
    [
      "a wrong eta",
      () => ours.si("failed", "k").set({ eta: new Date(Number.NaN) }),
      "INVALID_OPTION",
      "option eta must be a valid Date",
    ],
    ["a wrong queue", () => ours.si("failed", "k").set({ queue: "" }), "INVALID_OPTION", "option queue must be"],
    [
      "endless nesting",
      () => {
        let signature: Signature<unknown, unknown> = ours.si("failed", "k");
        for (let level = 0; level < 12; level++) signature = ours.si("failed", "k").link(signature);
        return signature;
      },
      "UNREADABLE",
      "linked deeper than 12 levels",
    ],
  ])("refuses %s", (_name, make, code, expected) => {
    const error = errorOf(() => wire(make()));
    expect(error.code).toBe(code);
    expect(error.rawMessage).toContain(expected);
  });

  it("names the parameter of a mutable signature's bound argument", () => {
    expect(errorOf(() => wire(ours.s("done", () => 1))).rawMessage).toContain('ours.done: argument "at" is a function');
  });

  it("nests as deeply as any reader takes, with the deepest values", () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
    let signature: Signature<unknown, unknown> = untyped(ours.si("done", deep(100)), ours.si("done", deep(100)));
    for (let level = 0; level < 11; level++) {
      signature = untyped(ours.si("failed", "k"), ours.si("failed", "k")).link(signature);
    }
    expect(transmit(compose(signature).message).embed.chain).toHaveLength(1);
  });
});

describe("composeSignature", () => {
  it("makes one message of a task", () => {
    const composed = compose(ours.si("done", "x", at));
    expect(composed).toEqual({
      message: newTaskMessage({
        id: "id-1",
        task: "ours.done",
        args: ["x", at.toISOString()],
        embed: {
          callbacks: null,
          errbacks: null,
          chain: null,
          chord: null,
          ligature: { meta: { values: { "1": ["Date"] }, v: 1 } },
        },
        replyTo: "replies",
        fingerprint: "fp-done",
      }),
      route: { exchange: "ligature", routingKey: "ours" },
      delay: 0,
      resultId: "id-1",
      resultTask: ours.tasks["done"],
    });
  });

  it("inherits what it is given", () => {
    const { message } = compose(ours.si("failed", "k"), {
      rootId: "root",
      parentId: "parent",
      deadline: now + 5,
      taskId: "mine",
      ignoreResult: false,
    });
    expect(message).toMatchObject({
      id: "mine",
      correlationId: "mine",
      rootId: "root",
      parentId: "parent",
      deadline: now + 5,
      ignoreResult: false,
    });
  });

  it("spares a Celery app what it has no use for", () => {
    const { message, route } = compose(theirs.si("add", 1, 2), { deadline: now + 5 });
    // Its logs and events show these; Celery doesn't work them out.
    const marks = { root_id: "id-1", argsrepr: "(1, 2)", kwargsrepr: "{}" };
    expect(message).toEqual(newTaskMessage({ id: "id-1", task: "tasks.add", args: [1, 2], replyTo: "replies", marks }));
    expect(route).toEqual({ exchange: "", routingKey: "celery" });
  });

  it("shows a Celery app the arguments as Python does, and not all of them", () => {
    const shown = (value: unknown): unknown => compose(theirs.si("store", value)).message.marks["argsrepr"];
    expect(shown({ a: [null, true, "it's"], b: 1.5 })).toBe(String.raw`({'a': [None, True, 'it\'s'], 'b': 1.5},)`);
    expect(shown([[[[[[1]]]]]])).toBe("([[[[...]]]],)");
    expect(String(shown("x".repeat(100_000))).length).toBeLessThanOrEqual(1024);
  });

  it("asks for no reply where no result is wanted", () => {
    expect(compose(ours.si("limited")).message).toMatchObject({ ignoreResult: true, replyTo: undefined });
    expect(compose(ours.si("limited"), { ignoreResult: false }).message).toMatchObject({
      ignoreResult: false,
      replyTo: "replies",
    });
    expect(compose(ours.si("failed", "k"), { ignoreResult: true }).message).toMatchObject({
      ignoreResult: true,
      replyTo: undefined,
    });
  });

  it("turns delays and expiries into moments", () => {
    const limited = compose(ours.si("limited").set({ queue: "fast", countdown: "5s", priority: 2, headers: { tenant: "acme" } }));
    expect(limited.delay).toBe(5000);
    expect(limited.message).toMatchObject({
      eta: new Date(now + 5000),
      expires: new Date(now + 3_600_000),
      timeLimit: { soft: 2_400_000, hard: 2_700_000 },
      priority: 2,
      headers: { tenant: "acme" },
    });
    const timed = compose(ours.si("failed", "k").set({ eta: later, expires: later }));
    expect(timed).toMatchObject({ delay: 3_600_000, message: { eta: later, expires: later } });
    expect(compose(ours.si("failed", "k").set({ expires: "1m" })).message.expires).toEqual(new Date(now + 60_000));
  });

  it("doesn't wait for the past, nor for ever", () => {
    const past = compose(ours.si("failed", "k").set({ eta: new Date(now - 1) }));
    expect(past).toMatchObject({ delay: 0, message: { eta: undefined } });
    expect(compose(ours.si("failed", "k").set({ countdown: 0 })).message.eta).toBeUndefined();
    expect(errorOf(() => compose(ours.si("failed", "k").set({ eta: new Date("2126-01-01") }))).code).toBe("INVALID_OPTION");
  });

  it("refuses what waits for a result", () => {
    const error = errorOf(() => compose(ours.s("done")));
    expect(error.code).toBe("INVALID_ARGUMENTS");
    expect(error.rawMessage).toContain("ours.done.s(…) can't be sent on its own");
  });

  it("sends a chain's first step with the others in it, last one first, each with its id", () => {
    const signature = untyped(theirs.si("add", 1, 2), theirs.s("add", 3), ours.s("done", at))
      .link(ours.s("done"))
      .linkError(ours.si("failed", "k"));
    const { message, resultId, resultTask, route } = compose(signature, { deadline: now + 5, taskId: "mine" });
    expect(resultId).toBe("mine");
    expect(resultTask).toBe(ours.tasks["done"]);
    expect(route).toEqual({ exchange: "", routingKey: "celery" });
    expect(message).toMatchObject({
      id: "id-1",
      task: "tasks.add",
      rootId: "id-1",
      embed: { callbacks: null, errbacks: [{ task: "ours.failed" }] },
    });
    expect(message.embed.chain).toMatchObject([
      {
        task: "ours.done",
        options: {
          task_id: "mine",
          root_id: "id-1",
          reply_to: "replies",
          link: [{ task: "ours.done" }],
          link_error: [{ task: "ours.failed" }],
          // Digits: as a number a Python worker would send it on in a form that closes our connection.
          headers: { "ligature-fingerprint": "fp-done", "ligature-deadline": String(now + 5) },
        },
        immutable: false,
      },
      {
        task: "tasks.add",
        args: [3],
        options: { task_id: "id-2", root_id: "id-1", reply_to: "replies", queue: "celery", link_error: [{}] },
      },
    ]);
    expect(message.embed.chain?.[1]?.options.headers).toBeUndefined();
  });

  it("asks for no reply of a chain whose result is ignored", () => {
    const { message } = compose(untyped(ours.si("failed", "a"), ours.si("failed", "b")), { ignoreResult: true });
    expect(message).toMatchObject({ ignoreResult: true, replyTo: undefined });
    expect(message.embed.chain?.[0]?.options).toMatchObject({ ignore_result: true });
    expect(message.embed.chain?.[0]?.options).not.toHaveProperty("reply_to");
  });
});
