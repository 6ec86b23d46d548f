import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { contract, task } from "../../../../src/dist/contract/index.js";
import {
  decodeTask,
  newTaskMessage,
  packValue,
  unpackArgs,
  type Embed,
  type Message,
  type TaskMessage,
  type WireSignature,
} from "../../../../src/dist/protocol/index.js";
import { generated, ours } from "../contract.ts";
import {
  at,
  compose,
  errorOf,
  jsonData,
  later,
  now,
  parent,
  received,
  restartIds,
  signatureWith,
  start,
  succeed,
  transmit,
  untyped,
} from "../support.ts";

beforeEach(restartIds);

describe("what Celery sends with a chord that is followed by something", () => {
  const step = (name: string, options: WireSignature["options"] = {}): WireSignature => signatureWith({ task: name, options });
  const wire = (kind: "chain" | "group" | "chord", kwargs: Record<string, unknown>, options: WireSignature["options"] = {}) =>
    signatureWith({ task: `celery.${kind}`, subtask_type: kind, kwargs, options });
  const tasks = (chain: readonly WireSignature[] | null | undefined): unknown =>
    (chain ?? []).toReversed().map((each) => [each.task, each.options.task_id]);

  it("a chain as a body that comes with the group's id: its last step keeps its own", () => {
    const steps = [step("first", { task_id: "id-first" }), step("last", { task_id: "id-last" })];
    const { message } = succeed(wire("chain", { tasks: steps }, { task_id: "group" }));
    expect([message.id, tasks(message.embed.chain)]).toEqual(["id-first", [["last", "id-last"]]]);
    const unnamed = succeed(wire("chain", { tasks: [step("first"), step("last")] }, { task_id: "given" }));
    expect(tasks(unnamed.message.embed.chain)).toEqual([["last", "given"]]);
  });

  it("a chord's options.chain runs behind its body, of one task or of several", () => {
    const behind = { chain: [step("second", { task_id: "2" }), step("next", { task_id: "1" })] };
    for (const body of [
      step("body", { task_id: "0" }),
      wire("chain", { tasks: [step("before"), step("body", { task_id: "0" })] }),
    ]) {
      const header = wire("group", { tasks: [step("member")] });
      const [sent] = start(wire("chord", { header, body, kwargs: {} }, behind)).messages;
      const waiting = sent?.message.embed.chord;
      const { message } = succeed(waiting as WireSignature, { result: { json: [1] } });
      const all = [[message.task, message.id], ...(tasks(message.embed.chain) as unknown[])];
      expect(all.slice(-3)).toEqual([
        ["body", "0"],
        ["next", "1"],
        ["second", "2"],
      ]);
    }
  });

  it("a chord behind a chord, in options.chain", () => {
    const chord = (name: string, options: WireSignature["options"] = {}): WireSignature =>
      wire(
        "chord",
        { header: wire("group", { tasks: [step(`${name} member`)] }), body: step(`${name} body`), kwargs: {} },
        options,
      );
    const [sent] = start(chord("one", { chain: [chord("two", { chain: [step("last", { task_id: "last" })] })] })).messages;
    const { message } = succeed(sent?.message.embed.chord as WireSignature, { result: { json: [1] } });
    expect(message.task).toBe("one body");
    const [rest] = message.embed.chain ?? [];
    const [second] = start(rest as WireSignature, { result: { json: 1 }, chain: [] }).messages;
    expect(second?.message.task).toBe("two member");
    const body = succeed(second?.message.embed.chord as WireSignature, { result: { json: [1] } }).message;
    expect([body.task, tasks(body.embed.chain)]).toEqual(["two body", [["last", "last"]]]);
  });
});

describe("outgoingOf a task or a chain", () => {
  const result = packValue(new Map([["k", at]]), false);

  it("gives a callback the result as first argument, and keeps every type", () => {
    const { message, route, delay } = succeed(received(ours.s("done", at)), { result });
    expect(message).toEqual(
      newTaskMessage({
        id: "id-1",
        task: "ours.done",
        args: [[["k", at.toISOString()]], at.toISOString()],
        rootId: "root",
        parentId: "parent",
        fingerprint: "fp-done",
        embed: {
          callbacks: null,
          errbacks: null,
          chain: null,
          chord: null,
          ligature: { meta: { values: { "1": ["Date"], "0": ["map", { "0.1": ["Date"] }] }, v: 1 } },
        },
      }),
    );
    expect({ route, delay }).toEqual({ route: { exchange: "ligature", routingKey: "ours" }, delay: 0 });
    const { done } = ours.tasks;
    expect(done && unpackArgs(done, transmit(message))).toStrictEqual([new Map([["k", at]]), at]);
  });

  it("restores any result and any bound arguments", () => {
    const { done } = ours.tasks;
    const value = fc.oneof(
      jsonData,
      fc.date({ noInvalidDate: true }),
      fc.array(fc.bigInt()).map((items) => new Set(items)),
    );
    fc.assert(
      fc.property(value, fc.option(fc.date({ noInvalidDate: true }), { nil: undefined }), (returned, bound) => {
        const { message } = succeed(received(ours.s("done", bound)), { result: packValue(returned, false) });
        expect(done && unpackArgs(done, transmit(message))).toStrictEqual([returned, bound]);
      }),
    );
  });

  it("gives an immutable one its own arguments only", () => {
    const { message } = succeed(received(ours.si("done", "x", at)), { result });
    expect(message.args).toEqual(["x", at.toISOString()]);
    expect(message.embed.ligature).toEqual({ meta: { values: { "1": ["Date"] }, v: 1 } });
    expect(message.boundMeta).toBeUndefined();
  });

  it("tells an error callback what failed, beside its arguments", () => {
    const failure = { request: { id: "parent", task: "p", args: [], retries: 0 }, error: { name: "E", message: "m" } };
    const own = succeed(received(ours.si("failed", "k")), { failure });
    expect(own.message).toMatchObject({ args: ["k"], parentId: "parent", embed: { ligature: { failure } } });
    expect(transmit(own.message).embed.ligature).toEqual({ failure });
    // A Celery app's error callback may be mutable: it gets the failed task's id.
    expect(succeed(signatureWith({ args: ["k"] }), { failure }).message.args).toEqual(["parent", "k"]);
  });

  it("passes null where the parent returned nothing", () => {
    expect(succeed(signatureWith({ args: [1] }), { result: { json: null } }).message.args).toEqual([null, 1]);
    expect(succeed(signatureWith({ args: [1] })).message.args).toEqual([1]);
  });

  it("takes everything from the options that concerns sending", () => {
    const { message, route, delay } = succeed(
      signatureWith({
        kwargs: { a: 1 },
        options: {
          task_id: "tid",
          reply_to: "replies",
          root_id: "other",
          parent_id: "other",
          queue: "q",
          priority: 3,
          countdown: 1.5,
          expires: 60,
          time_limit: 10,
          soft_time_limit: 5,
          ignore_result: false,
          group_id: "g",
          group_index: 1,
          headers: { "ligature-deadline": "7", tenant: "b", task: "evil" },
          link: [signatureWith({ task: "l" })],
          link_error: [signatureWith({ task: "e" })],
          shadow: "x",
          serializer: "pickle",
        },
      }),
    );
    expect(message).toEqual(
      newTaskMessage({
        id: "tid",
        task: "t",
        kwargs: { a: 1 },
        embed: { callbacks: [signatureWith({ task: "l" })], errbacks: [signatureWith({ task: "e" })], chain: null, chord: null },
        rootId: "root",
        parentId: "parent",
        eta: new Date(now + 1500),
        expires: new Date(now + 60_000),
        timeLimit: { soft: 5000, hard: 10_000 },
        ignoreResult: false,
        replyTo: "replies",
        priority: 3,
        group: "g",
        groupIndex: 1,
        deadline: 7,
        marks: { shadow: "x", root_id: "root", argsrepr: "()", kwargsrepr: "{'a': 1}" },
        headers: { tenant: "b" },
      }),
    );
    expect({ route, delay }).toEqual({ route: { exchange: "", routingKey: "q" }, delay: 1500 });
  });

  it("reads moments from options and from headers", () => {
    const iso = "2026-11-22T13:00:00+00:00";
    for (const options of [{ eta: iso, expires: iso }, { headers: { eta: iso, expires: iso } }]) {
      expect(succeed(signatureWith({ options }))).toMatchObject({ delay: 3_600_000, message: { eta: later, expires: later } });
    }
    expect(succeed(signatureWith({ options: { eta: "2020-01-01T00:00:00Z" } }))).toMatchObject({
      delay: 0,
      message: { eta: undefined },
    });
  });

  it("leaves no longer delay to the broker than it can hold; the message knows when it is due", () => {
    const eta = new Date("2125-01-01");
    const successor = succeed(signatureWith({ options: { eta: eta.toISOString() } }));
    expect(successor).toMatchObject({ delay: 180 * 24 * 3_600_000, message: { eta } });
  });

  it("goes to the default queue when nothing else is said", () => {
    expect(succeed(signatureWith({})).route).toEqual({ exchange: "", routingKey: "default" });
  });

  it("passes the deadline to the next step of a chain, and not to a callback", () => {
    expect(succeed(signatureWith({})).message.deadline).toBeUndefined();
    expect(succeed(signatureWith({}), { chain: [] }).message.deadline).toBe(parent.deadline);
  });

  it("walks a chain to its end, each step in its own message", () => {
    const composed = compose(untyped(ours.si("done", 1), ours.s("done", at), ours.si("failed", "z")), { deadline: now + 5 });
    const first = transmit(composed.message);
    const chainOf = (message: TaskMessage) => message.embed.chain ?? [];
    const next = (message: TaskMessage): TaskMessage => {
      const step = chainOf(message).at(-1);
      if (step === undefined) throw new Error("the chain is over");
      return transmit(
        succeed(step, { parent: message, result: packValue(at, false), chain: chainOf(message).slice(0, -1) }).message,
      );
    };
    const second = next(first);
    expect(second).toMatchObject({
      id: "id-3",
      rootId: first.id,
      parentId: first.id,
      replyTo: "replies",
      deadline: now + 5,
      task: "ours.done",
    });
    const { done } = ours.tasks;
    expect(done && unpackArgs(done, second)).toStrictEqual([at, at]);
    const third = next(second);
    expect(third).toMatchObject({
      id: composed.resultId,
      rootId: first.id,
      parentId: second.id,
      args: ["z"],
      embed: { chain: null },
    });
  });

  it("sends a chain that is a callback as its first step, the rest before what is left of the parent's own chain", () => {
    const callback = received(untyped(ours.s("done", at), ours.s("done"), ours.si("failed", "end")));
    const left = [signatureWith({ task: "last" }), signatureWith({ task: "next" })];
    const { message } = succeed(
      {
        ...callback,
        args: ["bound"],
        options: {
          link: [signatureWith({ task: "l" })],
          link_error: [signatureWith({ task: "e" })],
          task_id: "whole",
          priority: 4,
        },
      },
      { result: { json: 3 }, chain: left },
    );
    expect(message).toMatchObject({ id: "id-2", task: "ours.done", args: [3, "bound", at.toISOString()], priority: 4 });
    expect(message.embed).toMatchObject({
      callbacks: null,
      errbacks: [{ task: "e" }],
      chain: [
        { task: "last" },
        { task: "next" },
        {
          task: "ours.failed",
          options: { task_id: "whole", root_id: "root", link: [{ task: "l" }], link_error: [{ task: "e" }] },
        },
        { task: "ours.done", options: { task_id: "id-1", link_error: [{ task: "e" }] } },
      ],
    });
    expect(message.embed.chain?.[3]?.options).not.toHaveProperty("priority");
  });

  it("splices nested chains", () => {
    const steps = (...tasks: WireSignature[]) =>
      signatureWith({ task: "celery.chain", subtask_type: "chain", kwargs: { tasks } });
    const [a, b, c] = ["a", "b", "c"].map((name) => signatureWith({ task: name }));
    const { message } = succeed(steps(steps(a!, b!), c!), { result: { json: 1 } });
    expect(message).toMatchObject({ task: "a", args: [1], embed: { chain: [{ task: "c" }, { task: "b" }] } });
  });

  it("hands on a chord's body", () => {
    const chord = signatureWith({ task: "body" });
    expect(succeed(signatureWith({ options: { chord } })).message.embed.chord).toEqual(chord);
  });

  it.each<[string, WireSignature, string]>([
    ["an unknown kind", signatureWith({ subtask_type: "xfilter" }), "The xfilter among the callbacks can't be sent"],
    [
      "an unknown kind in a chain",
      signatureWith({ subtask_type: "chain", kwargs: { tasks: [signatureWith({ subtask_type: "xfilter" })] } }),
      "The xfilter among the callbacks can't be sent",
    ],
    ["a group of nothing", signatureWith({ subtask_type: "group" }), "has no list of steps"],
    ["a chord of nothing", signatureWith({ subtask_type: "chord" }), "has no header"],
    ["an empty chain", signatureWith({ subtask_type: "chain", kwargs: { tasks: [] } }), "has no steps"],
    ["a chain of nothing", signatureWith({ subtask_type: "chain" }), "has no list of steps"],
    ["a wrong eta", signatureWith({ options: { eta: "soon" } }), "options.eta of a signature means no moment"],
    [
      "an endless countdown",
      signatureWith({ options: { countdown: Infinity } }),
      "options.countdown of a signature means no moment",
    ],
    ["a wrong expiry", signatureWith({ options: { expires: "soon" } }), "options.expires of a signature means no moment"],
    [
      "a wrong fingerprint",
      signatureWith({ options: { headers: { "ligature-fingerprint": 7 } } }),
      'Header "ligature-fingerprint" must be a string',
    ],
    ["wrong bound meta", signatureWith({ options: { headers: { "ligature-meta": "{" } } }), 'Header "ligature-meta" is no JSON'],
  ])("refuses %s", (_name, signature, expected) => {
    const error = errorOf(() => succeed(signature));
    expect(error.code).toBe("UNREADABLE");
    expect(error.rawMessage).toContain(expected);
  });

  it("pollutes nothing", () => {
    const options = JSON.parse('{"__proto__":{"queue":"evil"},"headers":{"__proto__":{"a":1},"b":2}}');
    const { message, route } = succeed(signatureWith({ options }));
    expect(route.routingKey).toBe("default");
    expect(message.headers).toEqual({ b: 2 });
    expect(Object.getPrototypeOf(message.headers)).toBe(Object.prototype);
  });
});

describe.each(["5.2.6", "5.6.3"])("our callbacks, published by Celery %s", (version) => {
  interface Published {
    readonly signature: WireSignature;
    readonly published: {
      readonly headers: Message["headers"];
      readonly body: string;
      readonly contentType: string;
      readonly contentEncoding: string;
      readonly replyTo: string;
    };
  }
  const fixtures: Record<string, Published> = JSON.parse(
    readFileSync(new URL(`../fixtures/celery-${version}.json`, import.meta.url), "utf8"),
  ).ours;
  const load = (name: string): { signature: WireSignature; message: TaskMessage } => {
    const fixture = fixtures[name];
    if (fixture === undefined) throw new Error(`no fixture ${name}`);
    const { headers, body, ...properties } = fixture.published;
    return {
      signature: fixture.signature,
      message: decodeTask({ exchange: "", routingKey: "", headers, properties, body: Buffer.from(body) }),
    };
  };
  const { done } = ours.tasks;
  const custom = { eta: new Date("2125-01-01"), expires: new Date("2126-01-01"), headers: { tenant: "acme" } };

  it("were given to it as signatureToWire writes them", () => {
    const doneWire = received(ours.s("done", at));
    const failedWire = received(ours.si("failed", "k").set(custom));
    expect(load("task").signature).toEqual(doneWire);
    expect(load("immutable task").signature).toEqual(failedWire);
    expect(load("chain").signature).toEqual(received(untyped(ours.s("done", at), ours.si("failed", "k").set(custom))));
  });

  it("arrive with the result of Python and the bound arguments of TypeScript", () => {
    const { message } = load("task");
    expect(message).toMatchObject({
      task: "ours.done",
      rootId: "root",
      parentId: "parent",
      fingerprint: "fp-done",
      replyTo: "worker-queue",
    });
    expect(done && unpackArgs(done, message)).toStrictEqual([3, at]);
  });

  it("arrive with their headers, eta and expiry", () => {
    const { message } = load("immutable task");
    expect(message).toMatchObject({ args: ["k"], fingerprint: "fp-failed", ...custom });
  });

  it("arrive as a chain that goes on here", () => {
    const { message } = load("chain");
    expect(done && unpackArgs(done, message)).toStrictEqual([3, at]);
    const step = message.embed.chain?.at(-1);
    const next = step && succeed(step, { parent: message, result: { json: 1 }, chain: message.embed.chain?.slice(0, -1) });
    expect(next).toMatchObject({
      message: {
        id: step?.options.task_id,
        task: "ours.failed",
        args: ["k"],
        rootId: "root",
        parentId: message.id,
        ...custom,
        embed: { chain: null },
      },
      route: { exchange: "ligature", routingKey: "ours" },
    });
  });
});

describe("a whole workflow across message boundaries", () => {
  it("survives a retry of a message that Python published", () => {
    const { done } = ours.tasks;
    const boundMeta = JSON.stringify({ b: 1, m: { values: { "0": ["Date"] }, v: 1 } });
    const message = newTaskMessage({ id: "1", task: "ours.done", args: [3, at.toISOString()], boundMeta });
    const again = transmit({ ...transmit(message), retries: 1 });
    expect(done && unpackArgs(done, again)).toStrictEqual([3, at]);
  });

  it("keeps callbacks of callbacks", () => {
    const { message } = compose(ours.si("done", 1).link(ours.s("done", at).link(ours.s("done", at))));
    const first = transmit(message);
    const callback = first.embed.callbacks?.[0];
    const second = callback && transmit(succeed(callback, { parent: first, result: { json: 1 } }).message);
    const third =
      second?.embed.callbacks?.[0] &&
      transmit(succeed(second.embed.callbacks[0], { parent: second, result: packValue(at, false) }).message);
    const { done } = ours.tasks;
    expect(third && done && unpackArgs(done, third)).toStrictEqual([at, at]);
    expect(third).toMatchObject({ rootId: first.id, parentId: second?.id });
  });

  it("needs no schema to pass values on", () => {
    const other = generated(contract("relay", { tasks: { t: task({ params: { a: z.any(), b: z.any() } }) } }));
    const embed: Embed = { callbacks: [received(other.s("t", new Set([1n])))], errbacks: null, chain: null, chord: null };
    const first = transmit({ ...parent, embed });
    const callback = first.embed.callbacks?.[0];
    const relayed = callback && transmit(succeed(callback, { parent: first, result: packValue([undefined, at], false) }).message);
    const { t } = other.tasks;
    expect(relayed && t && unpackArgs(t, relayed)).toStrictEqual([[undefined, at], new Set([1n])]);
  });
});

describe("a countdown that Celery must not see", () => {
  it("is a TypeScript parent's to keep", () => {
    const { message, delay } = succeed(received(ours.si("failed", "k").set({ countdown: "1.5s" })));
    expect(delay).toBe(1500);
    expect(message).toMatchObject({ eta: new Date(now + 1500), countdown: undefined });
    expect(succeed(received(ours.si("failed", "k").set({ countdown: 0 }))).delay).toBe(0);
  });
});
