import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { ChordError } from "../../../../src/dist/errors/index.js";
import {
  outgoingBody,
  chordError,
  chordPartOf,
  chordPartsOfChain,
  errorFromWire,
  exceptionToWire,
  failureOf,
  joinResults,
  neverRun,
  packValue,
  unpackArgs,
  unpackValue,
  type ChordPart,
  type TaskMessage,
  type WireSignature,
} from "../../../../src/dist/protocol/index.js";
import { ours } from "../contract.ts";
import {
  anyChain,
  anyChord,
  at,
  errorOf,
  jsonData,
  messagesOf,
  namesOf,
  now,
  parent,
  restartIds,
  signatureWith,
  start,
  transmit,
} from "../support.ts";

beforeEach(restartIds);

describe("chord parts", () => {
  const [message] = (() => {
    restartIds();
    return messagesOf(anyChain(ours.si("done", 1), anyChord([ours.s("done")], ours.s("plain"))));
  })();

  it("are those of a request, and of the last step of a chain", () => {
    const [member, chained] = messagesOf(
      anyChord([ours.si("done", 1), anyChain(ours.si("done", 2), ours.s("done"))], ours.s("plain")),
    );
    if (member === undefined || chained === undefined) throw new Error("two members");
    expect(chordPartOf(member)).toMatchObject({ index: 0, taskId: member.id, size: 2, body: { task: "ours.plain" } });
    expect(chordPartOf(chained)).toBeUndefined();
    const [later_] = chained.embed.chain ?? [];
    expect(chordPartsOfChain(chained.embed.chain ?? [])).toMatchObject([{ index: 1, taskId: later_?.options.task_id, size: 2 }]);
    const [next] = start(later_ as WireSignature, { result: { json: 1 }, chain: [] }).messages;
    expect(next && chordPartOf(transmit(next.message))).toMatchObject({ index: 1, taskId: later_?.options.task_id, size: 2 });
  });

  it("have no size in a message of Celery 5, and no index in one of Celery 4", () => {
    const embed = { callbacks: null, errbacks: null, chain: null, chord: signatureWith({ task: "body" }) };
    expect(chordPartOf({ ...parent, group: "g", embed })).toMatchObject({ index: Number.POSITIVE_INFINITY, size: undefined });
    expect(chordPartOf({ ...parent, embed })).toBeUndefined();
    for (const forged of [-1, 1.5, "2", null]) {
      const chorded = { ...embed, chord: { ...embed.chord, chord_size: forged as number } };
      expect(chordPartOf({ ...parent, group: "g", embed: chorded })?.size).toBeUndefined();
    }
  });

  it("are none of a chord that hasn't been started", () => {
    expect(chordPartsOfChain(message?.embed.chain ?? [])).toEqual([]);
  });

  it("tell all that never runs: results, the part in an outer chord, error callbacks", () => {
    const inner = anyChord([ours.si("done", 1)], anyChain(ours.s("plain"), ours.s("done")).linkError(ours.si("failed", "e")));
    const [first] = messagesOf(anyChord([inner, ours.si("done", 2)], ours.s("plain")));
    const part = chordPartOf(first as TaskMessage) as ChordPart;
    const told = neverRun(part.body, first as TaskMessage);
    const steps = part.body.kwargs["tasks"] as WireSignature[];
    expect(told.results).toEqual(steps.map(({ options }) => ({ id: options.task_id, replyTo: "replies" })));
    expect(told.request).toMatchObject({ id: steps[0]?.options.task_id, task: "ours.plain", rootId: first?.rootId });
    expect(namesOf(told.errbacks)).toEqual(["ours.failed"]);
    expect(told.parts).toMatchObject([{ index: 0, taskId: steps[1]?.options.task_id, size: 2, body: { task: "ours.plain" } }]);
  });

  it("tell the header's results too, where the chord never starts", () => {
    const [step] = message?.embed.chain ?? [];
    expect(neverRun(step as WireSignature, parent).results.length).toBe(2);
  });
});

describe("joining results", () => {
  it("gives the body each with every type, in order", () => {
    const any = fc.oneof(
      jsonData,
      fc.date({ noInvalidDate: true }),
      fc.array(fc.bigInt()).map((items) => new Set(items)),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(fc.array(any), (values) => {
        const joined = joinResults(values.map((value) => packValue(value, false)));
        expect(unpackValue(JSON.parse(JSON.stringify(joined)), undefined, false)).toStrictEqual(values);
      }),
    );
  });

  it("starts the body as the successor of the member that ends the chord", () => {
    const [member] = messagesOf(anyChord([ours.si("done", 1), ours.si("done", 2)], ours.s("done", at)), { deadline: now + 5 });
    const part = chordPartOf(member as TaskMessage) as ChordPart;
    const { messages } = outgoingBody(part, [packValue(at, false), { json: 2 }], {
      now,
      newId: () => "new",
      parent: member as TaskMessage,
      defaultQueue: "d",
    });
    expect(messages).toMatchObject([
      { message: { id: part.body.options.task_id, parentId: member?.id, replyTo: "replies", deadline: now + 5 } },
    ]);
    const { done } = ours.tasks;
    expect(done && messages[0] && unpackArgs(done, transmit(messages[0].message))).toEqual([[at, 2], at]);
  });

  it("starts a body that is a chord itself", () => {
    const [member] = messagesOf(anyChord([ours.si("done", 1)], anyChord([ours.s("done"), ours.s("plain")], ours.s("done"))));
    const part = chordPartOf(member as TaskMessage) as ChordPart;
    const { messages, chords } = outgoingBody(part, [{ json: 1 }], {
      now,
      newId: () => "new",
      parent: member as TaskMessage,
      defaultQueue: "d",
    });
    expect(chords).toMatchObject([{ size: 2 }]);
    expect(messages.map(({ message: { args } }) => args)).toEqual([[[1]], [[1]]]);
  });

  it("refuses meta that superjson can't have written", () => {
    expect(errorOf(() => joinResults([{ json: 1, meta: { v: 7 } }])).code).toBe("UNREADABLE");
  });
});

describe("a chord's error", () => {
  const part = { index: 3, taskId: "m", size: 5 };
  const stored = (error: unknown, contract?: Parameters<typeof errorFromWire>[1]): unknown => {
    const { exception, traceback } = exceptionToWire(error);
    const result = JSON.parse(JSON.stringify(exception)) as unknown;
    return errorFromWire({ task_id: "b", status: "FAILURE", result, traceback, children: [] }, contract);
  };

  it("names the member, and has its error as cause", () => {
    const cause = ours.error("WrongFormat", { line: 3, at });
    const error = chordError(part, "ours.rich", cause);
    expect(error.message).toBe(
      `Member 4 of 5 of the chord, ours.rich[m], failed with WrongFormat {"line":3,"at":"${at.toISOString()}"}`,
    );
    const read = stored(error) as ChordError;
    expect(read).toBeInstanceOf(ChordError);
    expect(read).toMatchObject({
      name: "ChordError",
      code: "TASK_FAILED",
      module: "celery.exceptions",
      message: error.message,
      member: { index: 3, id: "m", task: "ours.rich" },
    });
    expect(read.cause).toMatchObject({ name: "WrongFormat", data: { line: 3, at } });
    expect(failureOf(parent, error).error).toMatchObject({ name: "ChordError", message: error.message });
    // Passed on by whoever awaited the chord.
    expect(stored(read)).toMatchObject({ member: read.member, cause: { name: "WrongFormat" } });
  });

  it("says as much as is known: Celery tells an id only", () => {
    const told = chordError({ index: Number.POSITIVE_INFINITY, taskId: "m" }, undefined, new TypeError("no"));
    expect(told.message).toBe("Dependency m raised TypeError: no");
    const unsized = chordError({ index: 0, taskId: "m", size: undefined }, "t", new TypeError("no"));
    expect(unsized.message).toBe("Member 1 of the chord, t[m], failed with TypeError: no");
  });

  it("is Celery's own to Python", () => {
    expect(exceptionToWire(chordError(part, "t", new TypeError("no"))).exception).toMatchObject({
      exc_type: "ChordError",
      exc_message: ["Member 4 of 5 of the chord, t[m], failed with TypeError: no"],
      exc_module: "celery.exceptions",
    });
  });

  it("is read as Celery writes it", () => {
    const result = {
      exc_type: "ChordError",
      exc_message: ["Dependency abc-1 raised ValueError('x')"],
      exc_module: "celery.exceptions",
    };
    const error = errorFromWire(
      { task_id: "b", status: "FAILURE", result, traceback: null, children: [] },
      undefined,
    ) as ChordError;
    expect(error).toBeInstanceOf(ChordError);
    expect(error.member).toEqual({ index: undefined, id: "abc-1", task: undefined });
    const other = { ...result, exc_message: ["Callback error: x"] };
    expect(
      errorFromWire({ task_id: "b", status: "FAILURE", result: other, traceback: null, children: [] }, undefined),
    ).not.toBeInstanceOf(ChordError);
  });

  it("stays small, however often a chord fails another", () => {
    let error: unknown = new Error("x".repeat(100));
    for (let level = 0; level < 20; level++) error = stored(chordError(part, "t", error));
    expect(JSON.stringify(exceptionToWire(error).exception).length).toBeLessThan(10_000);
  });

  it.each([{ member: 1 }, { member: { id: 7 } }, { member: { id: "m", error: [], index: "x", task: 3 } }, { member: null }])(
    "isn't fooled by %o",
    (ligature) => {
      const result = { exc_type: "ChordError", exc_message: ["m"], exc_module: "celery.exceptions", ligature };
      expect(errorFromWire({ task_id: "b", status: "FAILURE", result, traceback: null, children: [] }, undefined)).toMatchObject({
        name: "ChordError",
      });
    },
  );
});
