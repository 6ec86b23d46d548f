import { LigatureError } from "../errors/index.ts";
import { isImmutable, tasksIn, type SignatureData } from "./data.ts";
import { mapAll, mapFailing, mapTail } from "./map-tasks.ts";
import { chainOf } from "./normal-form.ts";
import { checkOptions, mergeOptions, type SignatureOptions } from "./options.ts";
import type { ImmutableSignature, Signature } from "./signature.ts";
import type { TaskRef } from "./refs.ts";

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
      mapAll(this["~signature"], (task, isStart) => ({ ...task, options: mergeOptions(task.options, options, isStart) })),
    );
  }

  link(callback: Signature<never, unknown>): ImmutableSignature<unknown> {
    const added = dataOf(callback, "link");
    return wrap(mapTail(this["~signature"], (task) => ({ ...task, link: [...task.link, added] })));
  }

  linkError(callback: ImmutableSignature<unknown>): ImmutableSignature<unknown> {
    const added = dataOf(callback, "linkError");
    if (!isImmutable(added)) {
      const classic = [...tasksIn(added)].some(({ task }) => task.spec.queue.owner === "celery");
      throw new LigatureError(
        "INVALID_ARGUMENTS",
        `${describe(added)} can't be an error callback: it was built with .s(...) and would wait for a result that never comes. Build it with .si(...).` +
          (classic
            ? " Celery's classic error callbacks, called with request, exc and traceback, run only inside the worker of a Python parent: here the task needs parameters of its own, such as the id of what failed."
            : ""),
      );
    }
    return wrap(mapFailing(this["~signature"], (task) => ({ ...task, linkError: [...task.linkError, added] })));
  }

  pipe(next: Signature<never, unknown>): ImmutableSignature<unknown> {
    return wrap(chainOf([this["~signature"], dataOf(next, "pipe")]));
  }
}

/** The data of anything that claims to be a signature; untyped callers may pass what they like. */
export function dataOf(value: unknown, where: string): SignatureData {
  if (typeof value === "object" && value !== null && "~signature" in value) return value["~signature"] as SignatureData;
  throw new LigatureError(
    "INVALID_ARGUMENTS",
    `${where} needs a signature made with a task's .s(...) or .si(...), got ${value === null ? "null" : typeof value}.`,
  );
}

/** As its builder would be written, for messages. */
export function describe(data: SignatureData): string {
  switch (data.kind) {
    case "task":
      return `${data.task.spec.name}.${data.immutable ? "si" : "s"}(…)`;
    case "chain":
      return `chain(${listed([...data.steps, ...(data.end === undefined ? [] : [data.end])])})`;
    case "group":
      return `group(${listed(data.members)})`;
    case "chord":
      return `chord([${listed(data.header)}], ${describe(data.body)})`;
  }
}

function listed(parts: readonly SignatureData[]): string {
  const shown = parts.slice(0, 5).map(describe);
  return (parts.length > shown.length ? [...shown, `… ${parts.length - shown.length} more`] : shown).join(", ");
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
