import { writeArgsMeta } from "./args-meta.ts";
import { annotationsOf, type Annotations } from "./meta.ts";
import { startOf } from "./start-of.ts";
import type { ChordPart } from "./chord-part.ts";
import type { Start } from "./start.ts";
import type { SuccessorContext } from "./successor-message.ts";
import type { Packed } from "./values.ts";

/** The results of a header as one value: a list, each part's annotations under its place. */
export function joinResults(parts: readonly Packed[]): Packed {
  const annotations = new Map<number, Annotations>();
  for (const [index, { meta }] of parts.entries()) {
    const own = annotationsOf(meta, `The meta of result ${index}`);
    if (own !== undefined) annotations.set(index, own);
  }
  const json = parts.map((part) => part.json ?? null);
  const meta = writeArgsMeta(annotations);
  const foreign = parts.some((part) => part.foreign === true);
  return { json, ...(meta !== undefined && { meta }), ...(foreign && { foreign }) };
}

/** What a chord's body takes to start, once all its header's results are there. */
export function bodyStart(
  part: ChordPart,
  results: readonly Packed[],
  context: Omit<SuccessorContext, "result" | "failure" | "chain">,
): Start {
  return startOf(part.body, { ...context, result: joinResults(results) });
}
