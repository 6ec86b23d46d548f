import fc from "fast-check";
import { expect } from "vitest";
import {
  composeSignature,
  decodeTask,
  encodeTask,
  newTaskMessage,
  signatureToWire,
  outgoingOf,
  type ComposeContext,
  type Composed,
  type Outgoing,
  type OutgoingMessage,
  type SuccessorContext,
  type TaskMessage,
  type WireSignature,
} from "../../../src/dist/protocol/index.js";
import {
  chain,
  chord,
  chunks,
  group,
  map,
  starmap,
  type ImmutableSignature,
  type Signature,
  type TaskRef,
} from "../../../src/dist/signature/index.js";
import type { LigatureError } from "../../../src/dist/errors/index.js";
import { dataOf } from "./contract.ts";

export const now: number = Date.UTC(2026, 10, 22, 12);
export const later: Date = new Date(now + 3_600_000);
export const at: Date = new Date("1970-01-01T00:00:00.000Z");

/** Ids in the order in which they were asked for. */
let nextId = 1;
export function restartIds(): void {
  nextId = 1;
}
const newId = (): string => `id-${nextId++}`;

/** The builders, for whoever has no compiler. */
type Untyped = (...given: unknown[]) => ImmutableSignature<unknown> & Signature<unknown, unknown>;
export const anyChain: Untyped = chain as unknown as Untyped;
export const anyChord: Untyped = chord as unknown as Untyped;
export const anyChunks: Untyped = chunks as unknown as Untyped;
export const anyGroup: Untyped = group;
export const anyMap: Untyped = map as unknown as Untyped;
export const anyStarmap: Untyped = starmap as unknown as Untyped;

export function untyped(...steps: Signature<never, unknown>[]): Signature<unknown, unknown> {
  return (chain as unknown as (...steps: unknown[]) => Signature<unknown, unknown>)(...steps);
}

/** What starts a task or a chain, and its result. */
export interface ComposedTask extends OutgoingMessage {
  readonly resultId: string;
  readonly resultTask: TaskRef;
}

export function composeAll(signature: Signature<never, unknown>, context: Partial<ComposeContext> = {}): Composed {
  return composeSignature(dataOf(signature), { now, newId, replyTo: "replies", ...context });
}

export function compose(signature: Signature<never, unknown>, context: Partial<ComposeContext> = {}): ComposedTask {
  const { messages, chords, result } = composeAll(signature, context);
  const [first] = messages;
  if (first === undefined || messages.length !== 1 || chords.length > 0 || result.kind !== "task")
    throw new Error("no lone task");
  return { ...first, resultId: result.id, resultTask: result.task };
}

export function wire(signature: Signature<never, unknown>): WireSignature {
  return signatureToWire(dataOf(signature));
}

/** As it arrives at whoever publishes it. */
export function received(signature: Signature<never, unknown>): WireSignature {
  return JSON.parse(JSON.stringify(wire(signature)));
}

/** What is sent, as it arrives. */
export function messagesOf(signature: Signature<never, unknown>, context: Partial<ComposeContext> = {}): TaskMessage[] {
  return composeAll(signature, context).messages.map(({ message }) => transmit(message));
}

export function namesOf(signatures: readonly WireSignature[] | null): string[] {
  return (signatures ?? []).map(({ task }) => task);
}

export const parent: TaskMessage = newTaskMessage({
  id: "parent",
  task: "p",
  rootId: "root",
  deadline: now + 1000,
  headers: { tenant: "acme" },
  priority: 9,
});

export function start(signature: WireSignature, context: Partial<SuccessorContext> = {}): Outgoing {
  return outgoingOf(signature, { now, newId, parent, defaultQueue: "default", ...context });
}

export function succeed(signature: WireSignature, context: Partial<SuccessorContext> = {}): OutgoingMessage {
  const { messages, chords } = start(signature, context);
  const [first] = messages;
  if (first === undefined || messages.length !== 1 || chords.length > 0) throw new Error("no lone task");
  return first;
}

export function signatureWith(change: Partial<WireSignature>): WireSignature {
  return { task: "t", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false, ...change };
}

export function errorOf(run: () => unknown): LigatureError {
  try {
    run();
  } catch (error) {
    return error as LigatureError;
  }
  throw new Error("nothing was thrown");
}

/** Why something is UNREADABLE. */
export function problemOf(run: () => unknown): string {
  const error = errorOf(run);
  expect(error.code).toBe("UNREADABLE");
  return error.rawMessage;
}

/** Sends a message over the wire. */
export function transmit(message: TaskMessage): TaskMessage {
  return decodeTask(encodeTask(message, { exchange: "", routingKey: "q" }));
}

/** JSON without the keys that are refused everywhere. */
export const jsonData: fc.Arbitrary<unknown> = fc
  .jsonValue()
  .filter((value) => !/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify(value)));
