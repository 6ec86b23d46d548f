import type { ParamSpec } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { TaskRef } from "../../signature/index.ts";
import { isList, readNumbers, unreadable } from "../envelope/index.ts";
import { annotate } from "./annotate.ts";
import { readArgsMeta, readBoundMeta, writeArgsMeta, type ArgsAnnotations } from "./args-meta.ts";
import { readGuided } from "./guided.ts";
import { isAnnotations, metaOf, restore, type Annotations } from "./meta.ts";
import type { Packed } from "./packed.ts";
import { readsNullAsAbsent } from "./schema-facts.ts";

/**
 * Positional arguments; annotations are keyed by position. Trailing `undefined`s are left out, so that the receiver's
 * defaults apply, Python's too.
 * @throws LigatureError `UNREADABLE`
 */
export function packArgs(
  task: TaskRef,
  args: readonly unknown[],
): { readonly json: readonly unknown[]; readonly meta?: unknown } {
  const { json, annotations } = annotateArgs(task, args);
  const meta = writeArgsMeta(annotations);
  return meta === undefined ? { json } : { json, meta };
}

const nothing: ArgsAnnotations = new Map();

/** {@link packArgs} with the annotations still apart. `first` is the number of the parameter that the first argument is for. */
export function annotateArgs(
  task: TaskRef,
  args: readonly unknown[],
  first = 0,
): { readonly json: readonly unknown[]; readonly annotations: ArgsAnnotations } {
  const given = withoutTrailingUndefined(args);
  // Left out in the middle, an argument would be JSON's null, which the receiver's schema may take for a value.
  if (task.plainArgs && !given.includes(undefined)) return { json: given, annotations: nothing };
  let annotations: Map<number, Annotations> | undefined;
  const json = given.map((arg, index) => {
    const what = (): string => `${task.spec.name}: argument "${task.spec.params[first + index]?.name ?? index}"`;
    const split = annotate(arg, what);
    if (split.annotations === undefined) return split.json;
    // A Celery worker reads no annotations: the JSON alone has to say it all.
    if (task.spec.queue.owner !== "celery") (annotations ??= new Map<number, Annotations>()).set(index, split.annotations);
    else if (annotatesNumber(split.annotations)) {
      throw unreadable(what(), "contains NaN or Infinity, which JSON can't tell a Celery worker: send null or a string instead.");
    }
    return split.json;
  });
  return { json, annotations: annotations ?? nothing };
}

function withoutTrailingUndefined(args: readonly unknown[]): readonly unknown[] {
  let length = args.length;
  while (length > 0 && args[length - 1] === undefined) length--;
  return length === args.length ? args : args.slice(0, length);
}

/** superjson sends NaN and the infinities as strings, and we send -0 as 0. */
function annotatesNumber(annotations: Annotations): boolean {
  if (!isList(annotations)) return Object.values(annotations).some((node) => isAnnotations(node) && annotatesNumber(node));
  const [type, inner] = annotations;
  return type === "number" || (inner !== undefined && annotatesNumber(inner));
}

/** The arguments of a request as they came: what a task message says of them. */
export interface ReceivedArgs {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly embed: { readonly ligature?: { readonly meta?: unknown } };
  readonly boundMeta: string | undefined;
  /** Ligature wrote all of them: what isn't annotated is what it looks like. */
  readonly exact: boolean;
}

/**
 * Received arguments in parameter order, one for each parameter: kwargs folded in, restored,
 * `undefined` for what is not given, not validated.
 * @throws LigatureError `INVALID_ARGUMENTS` for unknown, duplicate or too many; `UNREADABLE` for meta that doesn't fit
 */
export function unpackArgs(task: TaskRef, received: ReceivedArgs): readonly unknown[] {
  const { params } = task.spec;
  const positional = readPositional(task, received);
  const given = params.map((): unknown => undefined);
  for (const [index, arg] of positional.entries()) given[index] = arg;
  for (const [name, arg] of Object.entries(received.kwargs)) {
    const index = params.findIndex((param) => param.name === name);
    if (index === -1) throw refuse(task, `has no parameter "${name}"`);
    if (index < positional.length) throw refuse(task, `got "${name}" both by position and by name`);
    given[index] = readArg(readNumbers(arg), params[index], received.exact);
  }
  return given;
}

/** A positional argument as it came, for what is passed on without being read. */
export function packedArg({ args, embed, boundMeta }: ReceivedArgs, index: number): Packed {
  const annotations =
    readBoundMeta(boundMeta, args.length).get(index) ?? readArgsMeta(embed.ligature?.meta, "embed.ligature.meta").get(index);
  return { json: args[index] ?? null, ...(annotations !== undefined && { meta: metaOf(annotations) }) };
}

function readPositional(task: TaskRef, { args, embed, boundMeta, exact }: ReceivedArgs): readonly unknown[] {
  const { params } = task.spec;
  if (args.length > params.length) throw refuse(task, `takes ${params.length} argument(s) at most, got ${args.length}`);
  const own = readArgsMeta(embed.ligature?.meta, "embed.ligature.meta");
  const bound = readBoundMeta(boundMeta, args.length);
  return args.map((given, index) => {
    const arg = readNumbers(given);
    const annotations = bound.get(index) ?? own.get(index);
    if (annotations === undefined) return readArg(arg, params[index], exact);
    const restored = restore(arg, annotations, `Argument ${index + 1} (${params[index]?.name ?? "unknown"})`);
    // The joined results of a header may be of both languages: the parts of one are annotated, those of the other aren't.
    return exact ? restored : readGuided(restored, params[index]?.schema);
  });
}

/** Null for a parameter that may be left out but not be null is how JSON, and Python, say that it is left out. */
function readArg(json: unknown, param: ParamSpec | undefined, exact: boolean): unknown {
  if (param === undefined) return json;
  if (json === null && readsNullAsAbsent(param.schema)) return undefined;
  return exact ? json : readGuided(json, param.schema);
}

function refuse(task: TaskRef, problem: string): LigatureError {
  const names = task.spec.params.map((param) => `${param.name}${param.optional ? "?" : ""}`).join(", ");
  return new LigatureError("INVALID_ARGUMENTS", `${task.spec.name}(${names}) ${problem}.`, { details: { task: task.spec.name } });
}
