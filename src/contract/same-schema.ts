import { isSchema, schemaDef, type SchemaLike } from "./schema.ts";

/**
 * Whether two schemas say the same, as two that are written out twice do. Functions are told apart by identity: nobody knows
 * what they do.
 */
export function isSameSchema(a: SchemaLike, b: SchemaLike): boolean {
  return same(a, b, new Map());
}

function same(a: unknown, b: unknown, compared: Map<object, unknown>): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  // In a circle: the same unless something on the way round is not.
  if (compared.get(a) === b) return true;
  compared.set(a, b);
  if (isSchema(a) || isSchema(b)) return isSchema(a) && isSchema(b) && sameDef(schemaDef(a), schemaDef(b), compared);
  if (a instanceof RegExp && b instanceof RegExp) return String(a) === String(b);
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  // A check: what it asks is in its definition.
  const [checkA, checkB] = [a, b].map((each) => (each as { readonly _zod?: { readonly def?: object } })._zod?.def);
  if (checkA !== undefined && checkB !== undefined) return sameDef(checkA, checkB, compared);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || a instanceof Map || a instanceof Set) return false;
  return sameDef(a, b, compared);
}

function sameDef(a: object, b: object, compared: Map<object, unknown>): boolean {
  const [left, right] = [a, b] as readonly Readonly<Record<string, unknown>>[];
  const keys = Object.keys(a);
  if (left === undefined || right === undefined || keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => {
    if (!Object.hasOwn(right, key)) return false;
    // A schema that is made when it is needed.
    if (key === "getter") return same((left[key] as () => unknown)(), (right[key] as () => unknown)(), compared);
    return same(left[key], right[key], compared);
  });
}
