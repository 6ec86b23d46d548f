import { LigatureError } from "../errors/index.ts";
import { isImmutable, lastStep, type SignatureData, type TaskSignatureData } from "./data.ts";
import type { ImmutableSignature, Signature, SignatureOptions } from "./signature.ts";
import type { TaskRef } from "./task-ref.ts";

/** `.s(...)`: waits for the parent's result as its first argument. */
export function mutableSignature(task: TaskRef, bound: readonly unknown[]): Signature<unknown, unknown> {
  checkArity(task, bound.length, 1);
  return wrap({ kind: "task", task, args: Object.freeze([...bound]), immutable: false, options: {}, link: [], linkError: [] });
}

/** `.si(...)`: complete. */
export function immutableSignature(task: TaskRef, args: readonly unknown[]): ImmutableSignature<unknown> {
  checkArity(task, args.length, 0);
  return wrap({ kind: "task", task, args: Object.freeze([...args]), immutable: true, options: {}, link: [], linkError: [] });
}

/** The public object around signature data. */
export function wrap(data: SignatureData): ImmutableSignature<unknown> {
  return new SignatureObject(Object.freeze(data)) as unknown as ImmutableSignature<unknown>;
}

class SignatureObject {
  readonly "~signature": SignatureData;

  constructor(data: SignatureData) {
    this["~signature"] = data;
    Object.freeze(this);
  }

  set(options: SignatureOptions): ImmutableSignature<unknown> {
    checkOptions(options);
    return wrap(
      mapSteps(this["~signature"], (step, index) => ({ ...step, options: mergeOptions(step.options, options, index === 0) })),
    );
  }

  link(callback: Signature<never, unknown>): ImmutableSignature<unknown> {
    const added = dataOf(callback, "link");
    const last = lastStep(this["~signature"]);
    return wrap(mapSteps(this["~signature"], (step) => (step === last ? { ...step, link: [...step.link, added] } : step)));
  }

  linkError(callback: ImmutableSignature<unknown>): ImmutableSignature<unknown> {
    const added = dataOf(callback, "linkError");
    if (!isImmutable(added)) {
      throw new LigatureError(
        "INVALID_ARGUMENTS",
        `${describe(added)} can't be an error callback: it was built with .s(...) and would wait for a result that never comes. Build it with .si(...).`,
      );
    }
    return wrap(mapSteps(this["~signature"], (step) => ({ ...step, linkError: [...step.linkError, added] })));
  }

  pipe(next: Signature<never, unknown>): ImmutableSignature<unknown> {
    return chainOf([this["~signature"], dataOf(next, "pipe")]);
  }
}

/** Joins signatures into one flat chain. */
export function chainOf(parts: readonly SignatureData[]): ImmutableSignature<unknown> {
  const steps = parts.flatMap((part) => (part.kind === "task" ? [part] : part.steps));
  const only = steps.length === 1 ? steps[0] : undefined;
  return wrap(only ?? { kind: "chain", steps: Object.freeze(steps) });
}

/** The data of anything that claims to be a signature; untyped callers may pass what they like. */
export function dataOf(value: unknown, where: string): SignatureData {
  if (typeof value === "object" && value !== null && "~signature" in value) return value["~signature"] as SignatureData;
  throw new LigatureError(
    "INVALID_ARGUMENTS",
    `${where} needs a signature made with a task's .s(...) or .si(...), got ${value === null ? "null" : typeof value}.`,
  );
}

export function describe(data: SignatureData): string {
  if (data.kind === "chain") return `chain(${data.steps.map(describe).join(", ")})`;
  return `${data.task.spec.name}.${data.immutable ? "si" : "s"}(…)`;
}

function mapSteps(data: SignatureData, map: (step: TaskSignatureData, index: number) => TaskSignatureData): SignatureData {
  return data.kind === "task" ? map(data, 0) : { kind: "chain", steps: Object.freeze(data.steps.map(map)) };
}

/** A chain's delay applies to its start, everything else to each step. */
function mergeOptions(old: SignatureOptions, added: SignatureOptions, isFirst: boolean): SignatureOptions {
  const { countdown, eta, ...everywhere } = added;
  const merged: { -readonly [K in keyof SignatureOptions]: SignatureOptions[K] } = { ...old, ...everywhere };
  if (added.headers !== undefined) merged.headers = { ...old.headers, ...added.headers };
  if (isFirst && countdown !== undefined) {
    merged.countdown = countdown;
    delete merged.eta;
  }
  if (isFirst && eta !== undefined) {
    merged.eta = eta;
    delete merged.countdown;
  }
  return merged;
}

const knownOptions = new Set([
  "queue",
  "priority",
  "countdown",
  "eta",
  "expires",
  "headers",
] satisfies (keyof SignatureOptions)[]);

function checkOptions(options: SignatureOptions): void {
  if (typeof options !== "object" || options === null)
    throw new LigatureError("INVALID_OPTION", "set() needs an object of options.");
  for (const key of Object.keys(options)) {
    if (!knownOptions.has(key as keyof SignatureOptions)) {
      throw new LigatureError("INVALID_OPTION", `set(): unknown option "${key}". Known: ${[...knownOptions].join(", ")}.`);
    }
  }
  if (options.countdown !== undefined && options.eta !== undefined) {
    throw new LigatureError("INVALID_OPTION", "set(): give countdown or eta, not both.");
  }
}

/** The compiler checks this for typed callers; here it is for the others, while the stack still shows the place. */
function checkArity(task: TaskRef, given: number, missing: 0 | 1): void {
  const { params, name } = task.spec;
  const builder = missing === 1 ? ".s" : ".si";
  if (missing === 1 && params.length === 0) {
    throw new LigatureError(
      "INVALID_ARGUMENTS",
      `${name} has no parameters, so nothing can receive a parent's result: use .si().`,
    );
  }
  const most = params.length - missing;
  const least = Math.max(0, params.filter((param) => !param.optional).length - missing);
  if (given < least || given > most) {
    const names = params.slice(missing).map((param) => `${param.name}${param.optional ? "?" : ""}`);
    const expected = least === most ? String(most) : `${least} to ${most}`;
    throw new LigatureError(
      "INVALID_ARGUMENTS",
      `${name}${builder}(${names.join(", ")}) takes ${expected} argument(s), got ${given}.`,
    );
  }
}
