import { beforeEach, describe, expect, it } from "vitest";
import {
  chordPartOf,
  failureOf,
  packValue,
  unpackArgs,
  type ResultPlan,
  type TaskMessage,
  type WireSignature,
} from "../../../../src/dist/protocol/index.js";
import type { Signature } from "../../../../src/dist/signature/index.js";
import { ours, theirs } from "../contract.ts";
import {
  anyChain,
  anyChord,
  anyGroup,
  anyMap,
  at,
  compose,
  composeAll,
  errorOf,
  later,
  messagesOf,
  namesOf,
  now,
  parent,
  received,
  restartIds,
  signatureWith,
  start,
  transmit,
  wire,
} from "../support.ts";

beforeEach(restartIds);

const tasksOf = (signature: WireSignature | null | undefined): WireSignature[] =>
  (signature?.kwargs["tasks"] ?? []) as WireSignature[];

/** The ids of a plan, from the result back to the start. */
function outline(plan: ResultPlan): unknown {
  const own = plan.kind === "task" ? plan.id : { [plan.id]: plan.members.map(outline) };
  return plan.parent === undefined ? own : [own, outline(plan.parent)];
}

describe("composing a group", () => {
  it("sends each member with its place, an id of its own, and no body", () => {
    const { messages, chords, result } = composeAll(anyGroup(ours.si("done", 1), anyChain(ours.si("done", 2), ours.s("done"))), {
      deadline: now + 1000,
    });
    expect(chords).toEqual([]);
    expect(messages.map(({ message }) => message)).toMatchObject([
      {
        id: "id-2",
        rootId: "id-2",
        group: "id-1",
        groupIndex: 0,
        replyTo: "replies",
        deadline: now + 1000,
        fingerprint: "fp-done",
      },
      {
        id: "id-4",
        rootId: "id-2",
        group: undefined,
        embed: { chain: [{ options: { task_id: "id-3", group_id: "id-1", group_index: 1 } }] },
      },
    ]);
    expect(messages[0]?.message.embed.chord).toBeNull();
    expect(result).toMatchObject({ kind: "group", id: "id-1", ids: ["id-2", "id-4", "id-3"] });
    expect(outline(result)).toEqual({ "id-1": ["id-2", ["id-3", "id-4"]] });
    expect(result.kind === "group" && result.members.map(({ ids }) => ids)).toEqual([["id-2"], ["id-4", "id-3"]]);
  });

  it("sends nothing for an empty one", () => {
    expect(composeAll(anyGroup())).toEqual({
      chords: [],
      messages: [],
      result: { kind: "group", id: "id-1", members: [], ids: [] },
    });
  });

  it("takes the id that it is given, and what a running request hands down", () => {
    const composed = composeAll(anyGroup(ours.si("done", 1)), {
      taskId: "given",
      rootId: "r",
      parentId: "p",
      ignoreResult: true,
    });
    expect(composed.result.id).toBe("given");
    expect(composed.messages[0]?.message).toMatchObject({ rootId: "r", parentId: "p", replyTo: undefined, ignoreResult: true });
  });

  it("holds long chains", () => {
    const { result } = composeAll(anyChain(...Array.from({ length: 3000 }, (_, n) => ours.si("done", n))));
    expect(result.ids.length).toBe(3000);
    expect(new Set(result.ids).size).toBe(3000);
  });

  it("holds thousands", () => {
    const { messages, result } = composeAll(anyGroup(Array.from({ length: 10_000 }, (_, n) => ours.si("done", n))));
    expect(messages.length).toBe(10_000);
    expect(result.ids.length).toBe(10_000);
    expect(messages.at(-1)?.message.groupIndex).toBe(9999);
  });

  it("delays members, and gives each its expiry", () => {
    const signature = anyGroup(ours.si("done", 1), ours.si("done", 2)).set({ countdown: 1000, expires: later });
    expect(composeAll(signature).messages.map(({ delay, message }) => [delay, message.expires])).toEqual([
      [1000, later],
      [1000, later],
    ]);
  });

  it("refuses one that waits", () => {
    expect(errorOf(() => composeAll(anyGroup(ours.si("done", 1), ours.s("done")))).code).toBe("INVALID_ARGUMENTS");
  });
});

describe("composing a chord", () => {
  const header = [ours.si("done", at), anyChain(ours.si("done", 2), ours.s("done"))];

  it("gives every member the body, with its id and how many they are", () => {
    const { messages, chords, result } = composeAll(anyChord(header, ours.s("done", at)), { deadline: now + 1000 });
    expect(chords).toEqual([{ groupId: "id-2", size: 2 }]);
    const body = {
      task: "ours.done",
      args: [at.toISOString()],
      immutable: false,
      chord_size: 2,
      options: { task_id: "id-1", root_id: "id-3", reply_to: "replies", headers: { "ligature-deadline": String(now + 1000) } },
    };
    expect(messages.map(({ message }) => message)).toMatchObject([
      { id: "id-3", rootId: "id-3", group: "id-2", groupIndex: 0, embed: { chord: body } },
      {
        id: "id-5",
        rootId: "id-3",
        group: undefined,
        embed: { chord: null, chain: [{ options: { task_id: "id-4", group_id: "id-2", group_index: 1, chord: body } }] },
      },
    ]);
    expect(outline(result)).toEqual(["id-1", { "id-2": ["id-3", ["id-4", "id-5"]] }]);
    expect(result.ids).toEqual(["id-3", "id-5", "id-4", "id-1"]);
  });

  it("restores every type of bound argument of members and body", () => {
    const [first] = messagesOf(anyChord(header, ours.s("done", at)));
    const { done } = ours.tasks;
    expect(first && done && unpackArgs(done, first)).toEqual([at, undefined]);
  });

  it("sends the body at once where there are no members", () => {
    const { messages, chords } = composeAll(anyChord([], anyChain(ours.s("done", at), ours.s("plain"))));
    expect(chords).toEqual([]);
    expect(messages.map(({ message }) => message)).toMatchObject([
      { task: "ours.done", args: [[], at.toISOString()], embed: { chain: [{ task: "ours.plain" }] } },
    ]);
    const { done } = ours.tasks;
    expect(done && messages[0] && unpackArgs(done, transmit(messages[0].message))).toEqual([[], at]);
  });

  it("puts a chord among the members into its place", () => {
    const inner = anyChord([ours.si("done", 1), ours.si("done", 2)], ours.s("plain"));
    const { messages, chords } = composeAll(anyChord([inner, ours.si("done", 3)], ours.s("done")));
    expect(chords.map(({ size }) => size)).toEqual([2, 2]);
    const [outerId, innerId] = chords.map(({ groupId }) => groupId);
    expect(messages.map(({ message: { group: id, groupIndex } }) => [id, groupIndex])).toEqual([
      [innerId, 0],
      [innerId, 1],
      [outerId, 1],
    ]);
    expect(messages[0]?.message.embed.chord).toMatchObject({
      task: "ours.plain",
      chord_size: 2,
      options: { group_id: outerId, group_index: 0, chord: { task: "ours.done", chord_size: 2 } },
    });
  });

  it("asks for a member's result even where nobody else wants it", () => {
    const [message] = messagesOf(anyChord([ours.si("limited")], ours.s("done")));
    expect(message).toMatchObject({ task: "ours.limited", ignoreResult: true, embed: { chord: { chord_size: 1 } } });
    expect(chordPartOf(message as TaskMessage)).toMatchObject({ taskId: message?.id, index: 0, size: 1 });
  });

  it("gives a body that is a chord as a chain of that: Celery would take its size for one of the chord's options", () => {
    const [message] = messagesOf(anyChord([ours.si("done", 1)], anyChord([ours.s("done")], ours.s("plain"))));
    expect(message?.embed.chord).toMatchObject({
      subtask_type: "chain",
      chord_size: 1,
      kwargs: { tasks: [{ subtask_type: "chord" }] },
    });
  });

  it("takes a chain of chords, one after the other", () => {
    const stages = Array.from({ length: 15 }, () => [anyGroup(ours.s("done"), ours.s("done")), ours.s("done")]).flat();
    for (const message of messagesOf(anyChain(ours.si("done", 0), ...stages))) expect(message.task).toBe("ours.done");
    expect(errorOf(() => composeAll(anyChain(ours.si("done", 0), ...stages, ...stages))).message).toContain(
      "levels of JSON deep",
    );
  });

  it("sends Python's members to their queue", () => {
    const { messages } = composeAll(anyChord([theirs.si("add", 1, 2)], theirs.s("add", 3)));
    expect(messages).toMatchObject([
      {
        route: { exchange: "", routingKey: "celery" },
        message: { deadline: undefined, embed: { chord: { options: { queue: "celery" } } } },
      },
    ]);
  });

  it("joins a group where something depends on it, without a body of the user's", () => {
    const { messages, result } = composeAll(anyChain(ours.si("done", 1), anyGroup(ours.s("plain"), ours.s("plain"))));
    expect(messages.length).toBe(1);
    expect(messages[0]?.message.embed.chain).toMatchObject([
      {
        subtask_type: "chord",
        kwargs: {
          header: {
            subtask_type: "group",
            options: { task_id: "id-3" },
            kwargs: { tasks: [{ options: { task_id: "id-4" } }, { options: { task_id: "id-5" } }] },
          },
          body: { task: "celery.accumulate", args: [], kwargs: { index: 0 }, options: { task_id: "id-1", routing_key: "ours" } },
        },
      },
    ]);
    expect(outline(result)).toEqual(["id-1", [{ "id-3": ["id-4", "id-5"] }, "id-2"]]);
    expect(
      namesOf(
        composeAll(anyGroup(ours.si("done", 1)).link(ours.s("done"))).messages[0]?.message.embed.chord?.options.link ?? null,
      ),
    ).toEqual(["ours.done"]);
  });

  it("leaves a group that is a callback a group: nobody waits for its results", () => {
    const [callback] = compose(ours.si("done", 1).link(anyGroup(ours.s("done"), ours.s("plain")))).message.embed.callbacks ?? [];
    expect(callback).toMatchObject({ subtask_type: "group", options: {}, immutable: false });
  });
});

describe("starting what came", () => {
  const result = packValue(new Map([["k", at]]), false);
  const { done } = ours.tasks;
  const argsOf = (message: TaskMessage): unknown => done && unpackArgs(done, transmit(message));

  it("gives a group's members the result with every type, and one group", () => {
    const { messages } = start(received(anyGroup(ours.s("done", at), ours.si("done", "own"))), { result });
    expect(messages.map(({ message }) => argsOf(message))).toEqual([
      [new Map([["k", at]]), at],
      ["own", undefined],
    ]);
    expect(
      messages.map(({ message: { group: id, groupIndex, parentId, rootId } }) => [id, groupIndex, parentId, rootId]),
    ).toEqual([
      ["id-1", 0, "parent", "root"],
      ["id-1", 1, "parent", "root"],
    ]);
  });

  it("starts a chord that is a callback", () => {
    const { messages, chords } = start(
      received(anyChord([ours.s("done"), ours.s("done", at)], anyChain(ours.s("done"), ours.s("plain")))),
      { result },
    );
    expect(chords).toEqual([{ groupId: expect.any(String) as string, size: 2 }]);
    expect(messages.map(({ message }) => message.embed.chord?.chord_size)).toEqual([2, 2]);
    const ids = messages.map(({ message }) => tasksOf(message.embed.chord).map(({ options }) => options.task_id));
    expect(ids[0]).toEqual(ids[1]);
    expect(new Set(ids[0]).size).toBe(2);
  });

  it("starts the same chord each time, where it is a step of a chain", () => {
    const [message] = messagesOf(anyChain(ours.si("done", 1), anyGroup(ours.s("done"), ours.s("plain")), ours.s("done")));
    const step = message?.embed.chain?.at(-1);
    if (step === undefined) throw new Error("no step");
    const [once, twice] = [0, 1].map(() => start(step, { result, chain: [] }));
    expect(once).toEqual(twice);
    expect(once?.messages.map(({ message: { id } }) => id)).toEqual(["id-4", "id-5"]);
    expect(once?.messages[0]?.message).toMatchObject({ deadline: parent.deadline, replyTo: "replies", group: "id-3" });
  });

  it("runs what is left of a chain after the body", () => {
    const left = [signatureWith({ task: "last", options: { task_id: "l" } })];
    const { messages } = start(received(anyChord([ours.s("done")], ours.s("plain"))), { result, chain: left });
    expect(messages[0]?.message.embed.chain).toBeNull();
    expect(namesOf(tasksOf(messages[0]?.message.embed.chord))).toEqual(["ours.plain", "last"]);
  });

  it("tells every member of an error callback what failed", () => {
    const failure = failureOf(parent, new Error("no"));
    const { messages } = start(received(anyGroup(ours.si("failed", "a"), ours.si("failed", "b"))), { failure });
    expect(messages.map(({ message }) => message.embed.ligature?.failure)).toEqual([failure, failure]);
  });

  it("refuses a chord that would nest too deep to be read", () => {
    let body: unknown = 0;
    for (let depth = 0; depth < 198; depth++) body = [body];
    const sent = signatureWith({
      subtask_type: "chord",
      kwargs: {
        header: signatureWith({ subtask_type: "group", kwargs: { tasks: [signatureWith({})] } }),
        body: signatureWith({ args: [body] }),
      },
    });
    expect(errorOf(() => start(sent, { result })).code).toBe("UNREADABLE");
  });
});

describe("what nests", () => {
  const nest = (levels: number): Signature<never, unknown> => {
    let nested: Signature<never, unknown> = ours.si("done", 1);
    for (let level = 0; level < levels; level++) nested = anyGroup(nested, ours.si("done", 2));
    return nested;
  };

  it("can be read at every step, as deep as it is allowed", () => {
    for (let levels = 1; levels <= 12; levels++)
      for (const message of messagesOf(nest(levels))) expect(message.task).toBe("ours.done");
    const inChain = messagesOf(anyChain(ours.si("done", 0), nest(11)))[0]?.embed.chain?.at(-1);
    if (inChain === undefined) throw new Error("no step");
    for (const { message } of start(inChain, { result: { json: 0 }, chain: [] }).messages)
      expect(transmit(message).id).toBe(message.id);
  });

  it("is refused before anything is sent where it is deeper", () => {
    for (const levels of [30, 300]) {
      const error = errorOf(() => composeAll(nest(levels)));
      expect(error).toMatchObject({ code: "UNREADABLE" });
      expect(error.message).toContain("levels of JSON deep");
      expect(errorOf(() => compose(ours.si("done", 1).link(nest(levels) as Signature<unknown, unknown>))).code).toBe(
        "UNREADABLE",
      );
    }
  });
});

describe("maps", () => {
  it("go with their items' types, which the worker restores", () => {
    const builder = { "~task": ours.tasks["rich"], si: () => ours.si("rich", at) };
    const { message } = compose(anyMap(builder, [at, later]));
    expect(message).toMatchObject({
      task: "celery.map",
      args: [{ task: "ours.rich" }, [at.toISOString(), later.toISOString()]],
      fingerprint: undefined,
    });
    expect(message.embed.ligature?.meta).toEqual({ values: { "1.0": ["Date"], "1.1": ["Date"] }, v: 1 });
    expect(wire(anyMap(builder, [at])).options.headers).toEqual({
      "ligature-meta": expect.stringContaining("1.0") as string,
    });
  });
});

describe("bad shapes", () => {
  const tasks = [signatureWith({})];
  it.each<[string, unknown, string]>([
    ["a group of a number", { task: "g", subtask_type: "group", kwargs: { tasks: 3 } }, "kwargs.tasks must be a signature"],
    [
      "a member that is none",
      { task: "g", subtask_type: "group", kwargs: { tasks: [1] } },
      "kwargs.tasks[0] must be a signature",
    ],
    [
      "a chord without a header",
      { task: "c", subtask_type: "chord", kwargs: { body: tasks[0] } },
      "kwargs.header must hold the header",
    ],
    [
      "a chord without a body",
      { task: "c", subtask_type: "chord", kwargs: { header: tasks } },
      "kwargs.body must be a signature",
    ],
    ["a place that is none", { task: "t", options: { group_id: 7 } }, "options.group_id must be a string"],
    ["a negative place", { task: "t", options: { group_index: -1 } }, "options.group_index can't be -1"],
    ["a body that is none", { task: "t", options: { chord: "x" } }, "options.chord must be a signature"],
    ["a rest that is none", { task: "t", options: { chain: [3] } }, "options.chain[0] must be a signature"],
  ])("refuses %s", (_name, callback, expected) => {
    const embed = { callbacks: [callback as WireSignature], errbacks: null, chain: null, chord: null };
    const error = errorOf(() => transmit({ ...parent, embed }));
    expect(error.code).toBe("UNREADABLE");
    expect(error.message).toContain(expected);
  });

  it.each<[string, Partial<WireSignature>, string]>([
    ["a map of no task", { subtask_type: "xmap", kwargs: { it: [] } }, "kwargs.task of xmap"],
    ["a map of no list", { subtask_type: "xstarmap", kwargs: { task: {}, it: 3 } }, "kwargs.it of xstarmap"],
    ["chunks of no size", { subtask_type: "chunks", kwargs: { task: {}, it: [], n: 0 } }, "kwargs.n of chunks"],
  ])("refuses %s", (_name, signature, expected) => {
    const error = errorOf(() => start(signatureWith(signature)));
    expect(error.code).toBe("UNREADABLE");
    expect(error.message).toContain(expected);
  });

  it("starts Celery's xmap, xstarmap and chunks where their task goes", () => {
    const task = { task: "a", options: { queue: "there" } };
    const begun = (signature: Partial<WireSignature>): unknown =>
      start(signatureWith(signature), { result: { json: 0 } }).messages.map(({ message, route }) => [
        message.task,
        message.args,
        message.kwargs["it"],
        route.routingKey,
      ]);
    expect(begun({ subtask_type: "xmap", kwargs: { task, it: [1] } })).toEqual([["celery.map", [], [1], "there"]]);
    expect(begun({ subtask_type: "chunks", kwargs: { task, it: [[1], [2], [3]], n: 2 } })).toEqual([
      ["celery.starmap", [], [[1], [2]], "there"],
      ["celery.starmap", [], [[3]], "there"],
    ]);
  });
});
