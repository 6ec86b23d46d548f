import { isList, isObject, unreadable } from "../envelope/index.ts";
import { annotationsOf, metaOf, type Annotations, type Meta } from "./meta.ts";

/** Annotations of positional arguments, by position. */
export type ArgsAnnotations = ReadonlyMap<number, Annotations>;

const none: ArgsAnnotations = new Map();

/**
 * Takes apart what superjson wrote for an array: paths such as `1` (the argument itself) and `1.at` (inside it).
 * @throws LigatureError `UNREADABLE`
 */
export function readArgsMeta(meta: unknown, part: string): ArgsAnnotations {
  const annotations = annotationsOf(meta, part);
  if (annotations === undefined) return none;
  if (isList(annotations) || !isObject(annotations)) throw unreadable(part, "must annotate the arguments, not their list.");
  const byPosition = new Map<number, Annotations>();
  const insides = new Map<number, Record<string, unknown>>();
  for (const [path, node] of Object.entries(annotations)) {
    const match = /^(0|[1-9]\d{0,5})(?:\.(.*))?$/s.exec(path);
    if (match === null) throw unreadable(part, "must annotate the arguments by their positions.");
    const position = Number(match[1]);
    const inner = match[2];
    let inside = insides.get(position);
    if (byPosition.has(position) && (inner === undefined || inside === undefined)) {
      throw unreadable(part, "annotates an argument twice.");
    }
    if (inner === undefined) {
      const own = annotationsOf({ values: node, v: 1 }, part);
      if (own === undefined || !isList(own)) throw unreadable(part, "isn't nested as superjson nests it.");
      byPosition.set(position, own);
      continue;
    }
    if (inside === undefined) {
      inside = {};
      insides.set(position, inside);
      byPosition.set(position, inside);
    }
    Object.defineProperty(inside, inner, { value: node, enumerable: true, configurable: true, writable: true });
  }
  return byPosition;
}

/** The inverse of {@link readArgsMeta}; undefined when nothing is annotated. */
export function writeArgsMeta(annotations: ArgsAnnotations): Meta | undefined {
  if (annotations.size === 0) return undefined;
  const entries: [string, unknown][] = [];
  for (const [position, own] of annotations) {
    if (isList(own)) entries.push([String(position), own]);
    else for (const [path, node] of Object.entries(own)) entries.push([`${position}.${path}`, node]);
  }
  return metaOf(Object.fromEntries(entries));
}

/** The same annotations for arguments that stand `by` positions further right. */
export function shiftArgs(annotations: ArgsAnnotations, by: number): ArgsAnnotations {
  if (by === 0 || annotations.size === 0) return annotations;
  return new Map([...annotations].map(([position, own]) => [position + by, own]));
}

/**
 * Header `ligature-meta`: annotations of a signature's `count` bound arguments. The worker that publishes the signature may
 * put a result before them, so they are counted from the right.
 */
export function writeBoundMeta(count: number, annotations: ArgsAnnotations): string | undefined {
  const meta = writeArgsMeta(annotations);
  return meta === undefined ? undefined : JSON.stringify({ b: count, m: meta });
}

/** @param given how many arguments there are now @throws LigatureError `UNREADABLE` */
export function readBoundMeta(header: string | undefined, given: number): ArgsAnnotations {
  if (header === undefined) return none;
  const part = 'Header "ligature-meta"';
  let parsed: unknown;
  try {
    parsed = JSON.parse(header);
  } catch (error) {
    throw unreadable(part, "is no JSON.", error);
  }
  const bound = isObject(parsed) ? parsed["b"] : undefined;
  if (!isObject(parsed) || typeof bound !== "number" || !Number.isInteger(bound) || bound < 0 || bound > given) {
    throw unreadable(part, "must say how many of the arguments are bound.");
  }
  return shiftArgs(readArgsMeta(parsed["m"], part), given - bound);
}
