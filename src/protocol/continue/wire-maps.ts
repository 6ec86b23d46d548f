import { isList, isObject, unreadable } from "../envelope/index.ts";
import type { WireSignature, WireSignatureOptions } from "../task/index.ts";

/**
 * Celery's xmap and xstarmap, as the request that they are (celery.canvas._basemap.apply_async). Where they don't say
 * where to go, they go where their task goes.
 */
export function mapTaskOf(signature: WireSignature): WireSignature {
  const { task, it } = mapped(signature);
  return {
    ...signature,
    task: signature.subtask_type === "xmap" ? "celery.map" : "celery.starmap",
    args: [],
    kwargs: { task, it },
    options: { ...routing(task), ...signature.options },
    subtask_type: null,
    immutable: true,
  };
}

/** Celery's chunks, as the group that they are (celery.canvas.chunks.group). */
export function chunksOf(signature: WireSignature): WireSignature {
  const { task, it } = mapped(signature);
  const size = signature.kwargs["n"];
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 1) {
    throw unreadable("kwargs.n of chunks", "must be a whole number, 1 or more.");
  }
  const tasks = Array.from({ length: Math.ceil(it.length / size) }, (_piece, index) => ({
    task: "celery.starmap",
    args: [],
    kwargs: { task, it: it.slice(index * size, (index + 1) * size) },
    options: {},
    subtask_type: "xstarmap",
    immutable: true,
  }));
  return { ...signature, task: "celery.group", args: [], kwargs: { tasks }, subtask_type: "group" };
}

function mapped({ kwargs, subtask_type: kind }: WireSignature): {
  readonly task: Readonly<Record<string, unknown>>;
  readonly it: readonly unknown[];
} {
  const { task, it } = kwargs;
  if (!isObject(task)) throw unreadable(`kwargs.task of ${String(kind)}`, "must be a signature.");
  if (!isList(it)) throw unreadable(`kwargs.it of ${String(kind)}`, "must be a list.");
  return { task, it };
}

function routing({ options }: Readonly<Record<string, unknown>>): WireSignatureOptions {
  if (!isObject(options)) return {};
  return Object.fromEntries(
    ["queue", "exchange", "routing_key"].flatMap((name) => (typeof options[name] === "string" ? [[name, options[name]]] : [])),
  );
}
