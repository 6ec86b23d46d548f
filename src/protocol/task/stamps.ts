import { isList, isObject, markHeaders, type Headers, type HeaderValue } from "../envelope/index.ts";
import { plainJson } from "../values/index.ts";
import type { TaskMessage } from "./task-message.ts";
import type { WireSignatureOptions } from "./wire-signature.ts";

/**
 * The marks of a message that is made from a signature. Celery keeps a stamp as an option of the stamp's name
 * (celery.app.amqp, `as_task_v2`).
 */
export function marksOf(options: WireSignatureOptions): Headers {
  const { stamped_headers: names, shadow, replaced_task_nesting } = options;
  if (names === undefined && shadow === undefined && replaced_task_nesting === undefined) return markHeaders({});
  const stamped = (isList(names) ? names : [names]).filter((name) => typeof name === "string");
  const stamps = Object.fromEntries(
    stamped.map((name) => [name, plainJson(Object.hasOwn(options, name) ? options[name] : null)]),
  );
  return markHeaders({
    shadow: typeof shadow === "string" ? shadow : undefined,
    replaced_task_nesting: typeof replaced_task_nesting === "number" ? replaced_task_nesting : undefined,
    ...(stamped.length > 0 && { stamped_headers: stamped, stamps }),
  });
}

/** A message's stamps: values by name. Headers are anybody's, so what is no stamp is none. */
export function stampsOf({ marks }: Pick<TaskMessage, "marks">): ReadonlyMap<string, readonly HeaderValue[]> {
  const { stamped_headers: names, stamps } = marks as Readonly<Record<string, unknown>>;
  if (!isList(names) || !isObject(stamps)) return none;
  return new Map(
    names.flatMap((name) => {
      if (typeof name !== "string" || !Object.hasOwn(stamps, name)) return [];
      const values = stamps[name] as HeaderValue;
      return [[name, isList(values) ? values : [values]]];
    }),
  );
}

const none: ReadonlyMap<string, readonly HeaderValue[]> = new Map();
