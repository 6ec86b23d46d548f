import { bounded, isList, isObject, readNumbers, type Headers } from "../envelope/index.ts";
import type { TaskMessage } from "./task-message.ts";

/** Celery's own length (celery.app.amqp, `argsrepr_maxsize`). */
const longest = 1024;

/**
 * What Celery's workers don't work out for themselves: the root of the workflow, also where it is the task itself, and the
 * arguments as their logs, events and Flower show them.
 */
export function shownByCelery({ rootId, args, kwargs }: Pick<TaskMessage, "rootId" | "args" | "kwargs">): Headers {
  const shown = args.length === 1 ? `(${repr(args[0])},)` : `(${reprs(args)})`;
  return { root_id: rootId, argsrepr: bounded(shown, longest), kwargsrepr: bounded(repr(kwargs), longest) };
}

/** As Python's `repr` shows parsed JSON, as much of it as is shown. */
function repr(json: unknown, levels = 4): string {
  const value = readNumbers(json);
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return `'${bounded(value, longest).replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  if (levels === 0) return "...";
  if (isList(value)) return `[${reprs(value, levels - 1)}]`;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (!isObject(value)) return "...";
  const entries = Object.entries(value).slice(0, longest);
  return `{${entries.map(([key, item]) => `${repr(key)}: ${repr(item, levels - 1)}`).join(", ")}}`;
}

function reprs(items: readonly unknown[], levels?: number): string {
  return items
    .slice(0, longest)
    .map((item) => repr(item, levels))
    .join(", ");
}
