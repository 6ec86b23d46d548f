import { annotationsOf, writeArgsMeta, type Annotations, type Packed } from "../values/index.ts";
import type { ChordPart } from "./chord-part.ts";
import { startOf } from "./outgoing-of.ts";
import type { Start } from "./outgoing.ts";
import type { SuccessorContext } from "./successor-message.ts";

/** The results of a header as one value: a list, each part's annotations under its place. */
export function joinResults(parts: readonly Packed[]): Packed {
  const annotations = new Map<number, Annotations>();
  for (const [index, { meta }] of parts.entries()) {
    const own = annotationsOf(meta, `The meta of result ${index}`);
    if (own !== undefined) annotations.set(index, own);
  }
  const json = parts.map((part) => part.json ?? null);
  const meta = writeArgsMeta(annotations);
  return meta === undefined ? { json } : { json, meta };
}

/** What a chord's body takes to start, once all its header's results are there. */
export function bodyStart(
  part: ChordPart,
  results: readonly Packed[],
  context: Omit<SuccessorContext, "result" | "failure" | "chain">,
): Start {
  return startOf(part.body, { ...context, result: joinResults(results) });
}
