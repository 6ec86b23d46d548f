import { schemaDef, type SchemaLike } from "./schema.ts";

const known = new WeakMap<SchemaLike, boolean>();

/**
 * Whether a schema accepts its own output unchanged: no transforms, codecs or preprocessing anywhere. Only
 * then can the receiver of an already parsed value parse it once more, to check it.
 */
export function acceptsItsOutput(schema: SchemaLike): boolean {
  const cached = known.get(schema);
  if (cached !== undefined) return cached;
  // Assumed true while the walk is under way, which ends recursion.
  known.set(schema, true);
  const result = !transforms(schema);
  known.set(schema, result);
  return result;
}

function transforms(schema: SchemaLike): boolean {
  const def = schemaDef(schema);
  if (def.type === "transform") return true;
  // A codec, or a pipe between different kinds: what comes out at the far end doesn't go in at the near one.
  if (def.type === "pipe" && ("transform" in def || kindOf(def["in"]) !== kindOf(def["out"]))) return true;
  if (def.type === "lazy") return !acceptsItsOutput((def["getter"] as () => SchemaLike)());
  return Object.entries(def).some(([key, value]) => key !== "checks" && parts(value).some((part) => !acceptsItsOutput(part)));
}

function kindOf(schema: unknown): string {
  return schemaDef(schema as SchemaLike).type;
}

/** The schemas directly inside a definition's property: one, a list, or an object of them. */
function parts(value: unknown): readonly SchemaLike[] {
  if (typeof value !== "object" || value === null) return [];
  if ("_zod" in value) return [value as SchemaLike];
  const inner = Array.isArray(value)
    ? value
    : Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null
      ? Object.values(value)
      : [];
  return inner.filter((part): part is SchemaLike => typeof part === "object" && part !== null && "_zod" in part);
}
