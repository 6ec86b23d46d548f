import {
  isList,
  isObject,
  kindOf,
  longestGroupId,
  maxHeaderDepth,
  readNumbers,
  shortTextProblem,
  unreadable,
} from "../envelope/index.ts";
import { isTypedValue, plainText } from "../values/index.ts";
import { decodeOwn, isNothing, objectOf } from "./own-codec.ts";
import type { Embed, WireFailure } from "./task-message.ts";
import type { WireSignature, WireSignatureOptions } from "./wire-signature.ts";

export const emptyEmbed: Embed = Object.freeze({ callbacks: null, errbacks: null, chain: null, chord: null });

/** An embed of what there is; empty lists are nothing. */
export function newEmbed(given: {
  readonly callbacks?: readonly WireSignature[] | undefined;
  readonly errbacks?: readonly WireSignature[] | undefined;
  readonly chain?: readonly WireSignature[] | undefined;
  readonly chord?: WireSignature | undefined;
  readonly meta?: unknown;
  readonly failure?: WireFailure | undefined;
}): Embed {
  const { chord, meta, failure } = given;
  const [callbacks, errbacks, chain] = [listed(given.callbacks), listed(given.errbacks), listed(given.chain)];
  const own = meta !== undefined || failure !== undefined;
  if (callbacks === null && errbacks === null && chain === null && chord === undefined && !own) return emptyEmbed;
  return {
    callbacks,
    errbacks,
    chain,
    chord: chord ?? null,
    ...(own && { ligature: { ...(meta !== undefined && { meta }), ...(failure !== undefined && { failure }) } }),
  };
}

function listed(signatures: readonly WireSignature[] | undefined): readonly WireSignature[] | null {
  return signatures === undefined || signatures.length === 0 ? null : signatures;
}

/**
 * The third part of a body, from anybody. Celery's `maybe_list` is respected: one signature may stand for a list of one.
 * @throws LigatureError `UNREADABLE` naming the part
 */
export function decodeEmbed(value: unknown): Embed {
  if (value === null || value === undefined) return emptyEmbed;
  if (!isObject(value)) throw unreadable("embed", `must be an object, not ${kindOf(value)}.`);
  const { callbacks, errbacks, chain, chord, ligature } = value;
  if (isNothing(callbacks) && isNothing(errbacks) && isNothing(chain) && isNothing(chord) && isNothing(ligature)) {
    return emptyEmbed;
  }
  return {
    callbacks: decodeList(callbacks, "embed.callbacks"),
    errbacks: decodeList(errbacks, "embed.errbacks"),
    chain: decodeList(chain, "embed.chain"),
    chord: isNothing(chord) ? null : decodeSignature(chord, "embed.chord"),
    ...(!isNothing(ligature) && { ligature: decodeOwn(ligature) }),
  };
}

function decodeList(value: unknown, part: string): readonly WireSignature[] | null {
  if (isNothing(value)) return null;
  if (!isList(value)) return [decodeSignature(value, part)];
  return value.map((signature, index) => decodeSignature(signature, `${part}[${index}]`));
}

/** Celery itself always writes all keys; what is left out gets the default of its constructor. Unknown keys are kept. */
export function decodeSignature(value: unknown, part: string): WireSignature {
  if (!isObject(value)) throw unreadable(part, `must be a signature, not ${kindOf(value)}.`);
  // What a signature is made of; its arguments and its own options are left as they came, since others read them.
  const { args: given, kwargs, options, ...own } = value;
  const { task, subtask_type: kind, immutable, ...unknown } = readNumbers(own) as Readonly<Record<string, unknown>>;
  if (typeof task !== "string" || task === "") throw unreadable(`${part}.task`, "must be the name of a task.");
  if (!isNothing(kind) && typeof kind !== "string") throw unreadable(`${part}.subtask_type`, "must be a string or null.");
  if (!isNothing(immutable) && typeof immutable !== "boolean") throw unreadable(`${part}.immutable`, "must be a boolean.");
  const args = given ?? [];
  if (!isList(args)) throw unreadable(`${part}.args`, `must be an array, not ${kindOf(args)}.`);
  return {
    ...unknown,
    task,
    args,
    kwargs: decodeInner(kind, objectOf(kwargs, `${part}.kwargs`), `${part}.kwargs`),
    options: decodeOptions(objectOf(options, `${part}.options`), `${part}.options`),
    subtask_type: isNothing(kind) || kind === "" ? null : kind,
    immutable: immutable === true,
  };
}

/** The signatures that a chain, a group or a chord is made of. */
function decodeInner(kind: unknown, kwargs: Readonly<Record<string, unknown>>, part: string): Readonly<Record<string, unknown>> {
  switch (kind) {
    case "chain":
      return { ...kwargs, tasks: decodeSteps(kwargs["tasks"], `${part}.tasks`) };
    case "group":
      return { ...kwargs, tasks: decodeList(kwargs["tasks"], `${part}.tasks`) ?? [] };
    case "chord":
      return {
        ...kwargs,
        header: decodeHeader(kwargs["header"], `${part}.header`),
        body: decodeSignature(kwargs["body"], `${part}.body`),
      };
    default:
      return kwargs;
  }
}

/** A group, or a plain list of its members (celery.canvas._maybe_group). */
function decodeHeader(value: unknown, part: string): WireSignature {
  if (isObject(value)) {
    const header = decodeSignature(value, part);
    if (header.subtask_type === "group") return header;
  }
  const tasks = decodeList(value, part);
  if (tasks === null) throw unreadable(part, "must hold the header of the chord.");
  return { task: "celery.group", args: [], kwargs: { tasks }, options: {}, subtask_type: "group", immutable: false };
}

function decodeSteps(value: unknown, part: string): readonly WireSignature[] {
  const steps = decodeList(value, part);
  if (steps === null || steps.length === 0) throw unreadable(part, "must hold the steps of the chain.");
  return steps;
}

const optionTypes: Readonly<Record<string, readonly string[]>> = {
  task_id: ["string"],
  reply_to: ["string"],
  root_id: ["string"],
  parent_id: ["string"],
  exchange: ["string"],
  routing_key: ["string"],
  queue: ["string"],
  priority: ["number"],
  countdown: ["number"],
  eta: ["string"],
  expires: ["number", "string"],
  time_limit: ["number"],
  soft_time_limit: ["number"],
  ignore_result: ["boolean"],
  headers: ["object"],
  group_id: ["string"],
  group_index: ["number"],
};

/**
 * Options that AMQP carries as short strings, once what they are options of is sent: addresses and properties, and the id
 * that a queue is named after.
 */
const shortOptions: Readonly<Record<string, number | undefined>> = {
  task_id: undefined,
  reply_to: undefined,
  exchange: undefined,
  routing_key: undefined,
  queue: undefined,
  group_id: longestGroupId,
};

/** Moments, which Python may give as datetimes. They are passed on as they came: each version of Celery takes its own. */
const moments: ReadonlySet<string> = new Set(["eta", "expires"]);

/** Options set to None are none, as in Celery's `Signature.apply_async`. */
function decodeOptions(options: Readonly<Record<string, unknown>>, part: string): WireSignatureOptions {
  const kept: [string, unknown][] = [];
  for (const [name, given] of Object.entries(options)) {
    if (given === null) continue;
    const types = Object.hasOwn(optionTypes, name) ? optionTypes[name] : undefined;
    const value = types === undefined ? given : readOption(given, types);
    if (types !== undefined && (!types.includes(typeof value) || Array.isArray(value))) {
      throw unreadable(`${part}.${name}`, `must be a ${types.join(" or ")}, not ${kindOf(value)}.`);
    }
    if (typeof value === "number" && !isSensible(name, value)) {
      throw unreadable(`${part}.${name}`, `can't be ${value}.`);
    }
    if (typeof value === "string" && Object.hasOwn(shortOptions, name)) {
      const problem = shortTextProblem(value, shortOptions[name]);
      if (problem !== undefined) throw unreadable(`${part}.${name}`, `${problem}.`);
    }
    kept.push([name, moments.has(name) && typeof value === "string" ? given : decodeOption(name, value, `${part}.${name}`)]);
  }
  return Object.fromEntries(kept);
}

/** kombu's typed values, an id as UUID or a Decimal of seconds, as what they mean here. */
function readOption(given: unknown, types: readonly string[]): unknown {
  const value = readNumbers(given);
  if (typeof value !== "object" || value === null || !isTypedValue(value)) return value;
  const text = plainText(value);
  return text !== undefined && value.__type__ === "decimal" && types.includes("number") ? Number(text) : (text ?? value);
}

function decodeOption(name: string, value: unknown, part: string): unknown {
  switch (name) {
    case "link":
    case "link_error":
    case "chain":
      return decodeList(value, part);
    case "chord":
      return decodeSignature(value, part);
    case "headers":
      checkHeaders(value, part, 0);
      return value;
    default:
      return value;
  }
}

/** What no table of headers can hold would be refused when the request has run. */
function checkHeaders(value: unknown, part: string, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > maxHeaderDepth) throw unreadable(part, `is nested deeper than ${maxHeaderDepth} levels.`);
  for (const [name, inner] of Object.entries(value)) {
    const problem = isList(value) ? undefined : shortTextProblem(name);
    if (problem !== undefined) throw unreadable(part, `holds a name that ${problem}.`);
    checkHeaders(inner, part, depth + 1);
  }
}

/** Unknown options may be any number; infinite ones come from Python's JSON, or from 1e999. */
function isSensible(name: string, value: number): boolean {
  if (name === "priority") return Number.isInteger(value) && value >= 0 && value <= 255;
  if (name === "group_index") return Number.isSafeInteger(value) && value >= 0;
  return Number.isFinite(value) || !Object.hasOwn(optionTypes, name);
}
