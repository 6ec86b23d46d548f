import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import {
  outgoingBody,
  chordPartOf,
  composeSignature,
  decodeTask,
  encodeTask,
  outgoingOf,
  type Composed,
  type Packed,
  type Outgoing,
  type TaskMessage,
} from "../../../../src/dist/protocol/index.js";
import type { ImmutableSignature, Signature } from "../../../../src/dist/signature/index.js";
import { ours } from "../contract.ts";
import { anyChain, anyChord, anyGroup, restartIds } from "../support.ts";

/**
 * Runs whole compositions with nothing but the protocol: every message goes over the wire, every task returns the list of
 * its arguments, every chord is joined. What comes out must be what the composition says.
 */
type AnySignature = ImmutableSignature<unknown> & Signature<unknown, unknown>;

/** A composition, and what it returns when it is given something. */
interface Sample {
  readonly signature: AnySignature;
  readonly returns: (given: unknown) => unknown;
}

beforeEach(restartIds);

const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc
      .integer({ min: 0, max: 99 })
      .map((n) => ({ signature: ours.s("done", n) as AnySignature, returns: (given: unknown) => [given, n] })),
    fc.integer({ min: 0, max: 99 }).map((n) => ({ signature: ours.si("done", n) as AnySignature, returns: () => [n] })),
    fc.array(tie("sample"), { minLength: 1, maxLength: 4 }).map((steps) => ({
      signature: anyChain(...steps.map(({ signature }) => signature)),
      returns: (given: unknown) => steps.reduce((value, { returns }) => returns(value), given),
    })),
    fc.array(tie("sample"), { minLength: 1, maxLength: 3 }).map((members) => ({
      signature: anyGroup(...members.map(({ signature }) => signature)),
      returns: (given: unknown) => members.map(({ returns }) => returns(given)),
    })),
    fc.tuple(fc.array(tie("sample"), { maxLength: 3 }), tie("sample")).map(([header, body]) => ({
      signature: anyChord(
        header.map(({ signature }) => signature),
        body.signature,
      ),
      returns: (given: unknown) => body.returns(header.map(({ returns }) => returns(given))),
    })),
  ),
}));

/** @returns each result by the id of its task */
function run(composed: Composed): ReadonlyMap<string, unknown> {
  const results = new Map<string, unknown>();
  const opened = new Map<string, number>();
  const arrived = new Map<string, Map<number, Packed>>();
  const waiting: TaskMessage[] = [];
  let lastId = 0;
  const send = ({ chords, messages }: Outgoing): void => {
    for (const { groupId, size } of chords) {
      expect(opened.has(groupId)).toBe(false);
      opened.set(groupId, size);
    }
    for (const { message, route } of messages) waiting.push(decodeTask(encodeTask(message, route)));
  };
  send(composed);
  for (let message = waiting.pop(); message !== undefined; message = waiting.pop()) {
    // Of celery.accumulate, the one at `index`.
    const value = message.kwargs["index"] === 0 ? message.args[0] : message.args;
    expect(results.has(message.id), "runs twice").toBe(false);
    results.set(message.id, value);
    const result: Packed = { json: value };
    const context = { now: 0, newId: () => `later-${++lastId}`, parent: message, defaultQueue: "none" };
    const { chain } = message.embed;
    const next = chain?.at(-1);
    if (next !== undefined) send(outgoingOf(next, { ...context, result, chain: chain?.slice(0, -1) }));
    const part = chordPartOf(message);
    if (part === undefined) continue;
    const parts = arrived.get(part.groupId) ?? new Map<number, Packed>();
    arrived.set(part.groupId, parts.set(part.index, result));
    expect(opened.get(part.groupId)).toBe(part.size);
    const inOrder = [...parts].sort(([one], [other]) => one - other).map(([, each]) => each);
    if (parts.size === part.size) send(outgoingBody(part, inOrder, context));
  }
  return results;
}

it("comes to what the composition says, whatever is nested in what", { timeout: 60_000 }, () => {
  let many = 0;
  fc.assert(
    fc.property(sample, ({ signature, returns }) => {
      // A step before it, so that anything may wait.
      const whole = anyChain(ours.si("done", "start"), signature);
      let id = 0;
      const composed = composeSignature(whole["~signature"], { now: 0, newId: () => `id-${++id}`, replyTo: "replies" });
      const results = run(composed);
      expect(results.get(composed.result.id)).toEqual(returns(["start"]));
      // Each task has the id that it was promised, and runs once.
      expect(new Set(results.keys())).toEqual(new Set(composed.result.ids));
      if (results.size > 8) many += 1;
    }),
    { numRuns: 500 },
  );
  expect(many).toBeGreaterThan(20);
});
