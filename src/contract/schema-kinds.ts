import { parseWith, schemaDef, type SchemaLike } from "./schema.ts";

const known = new WeakMap<SchemaLike, boolean>();

/**
 * Whether a schema, applied to its own output, leaves it as it is. Only then can the receiver of a value that another
 * version of the schema has made apply its own, to check it. Where the schema's own code decides, it counts as no.
 */
export function acceptsItsOutput(schema: SchemaLike): boolean {
  const cached = known.get(schema);
  if (cached !== undefined) return cached;
  // Assumed true while the walk is under way, which ends recursion.
  known.set(schema, true);
  const result = !changesItsOutput(schema);
  known.set(schema, result);
  return result;
}

type Def = ReturnType<typeof schemaDef>;

function changesItsOutput(schema: SchemaLike): boolean {
  const def = schemaDef(schema);
  if (rewrites(def)) return true;
  switch (def.type) {
    case "transform":
    case "success":
      return true;
    case "pipe":
      if (isPipeOfTwoForms(def)) return true;
      break;
    case "default":
      if (!fits(def["innerType"], () => def["defaultValue"])) return true;
      break;
    case "catch":
      if (
        !fits(def["innerType"], () => (def["catchValue"] as (context: object) => unknown)({ issues: [], error: { issues: [] } }))
      )
        return true;
      break;
    case "union":
      // What a later member makes, an earlier one may take for its own, and fill in.
      if (hasDefault(schema, new Set())) return true;
      break;
    case "lazy":
      return !acceptsItsOutput((def["getter"] as () => SchemaLike)());
    default:
  }
  return partsOf(def).some((part) => !acceptsItsOutput(part));
}

/** `.overwrite()` and what is built on it, such as `.trim()`, change a value; so may `.check()` and `.superRefine()`. */
function rewrites(def: Def): boolean {
  const checks = (def["checks"] ?? []) as readonly { readonly _zod?: { readonly def?: CheckDef } }[];
  return checks.some(({ _zod }) => {
    const { check, fn } = _zod?.def ?? {};
    return check === "overwrite" || (check === "custom" && fn === undefined);
  });
}

interface CheckDef {
  readonly check?: string;
  /** Of `.refine()`. */
  readonly fn?: unknown;
}

/** A codec, or a pipe between schemas that don't mean the same: what comes out at the far end doesn't go in at the near one. */
function isPipeOfTwoForms(def: Def): boolean {
  if ("transform" in def) return true;
  const [near, far] = [kindOf(def["in"]), kindOf(def["out"])];
  if (takesAnything.has(near) || takesAnything.has(far)) return false;
  return near !== far || !scalars.has(near);
}

const takesAnything: ReadonlySet<string> = new Set(["any", "unknown"]);

const scalars: ReadonlySet<string> = new Set(["string", "number", "boolean", "bigint", "date", "null", "undefined", "nan"]);

function fits(inner: unknown, value: () => unknown): boolean {
  try {
    const parsed = parseWith(inner as SchemaLike, value());
    if (!(parsed instanceof Promise)) return parsed.ok;
    parsed.catch(() => {});
  } catch {
    // It depends on what it is given, or fails by itself.
  }
  return false;
}

function hasDefault(schema: SchemaLike, seen: Set<SchemaLike>): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  const def = schemaDef(schema);
  if (def.type === "default" || def.type === "prefault" || def.type === "catch") return true;
  const parts = def.type === "lazy" ? [(def["getter"] as () => SchemaLike)()] : partsOf(def);
  return parts.some((part) => hasDefault(part, seen));
}

function kindOf(schema: unknown): string {
  return schemaDef(schema as SchemaLike).type;
}

/** The schemas directly inside a definition. */
function partsOf(def: Def): readonly SchemaLike[] {
  return Object.entries(def).flatMap(([key, value]) => (key === "checks" || key === "defaultValue" ? [] : schemasIn(value)));
}

/** The schemas in a definition's property: one, a list, or an object of them. */
function schemasIn(value: unknown): readonly SchemaLike[] {
  if (typeof value !== "object" || value === null) return [];
  if ("_zod" in value) return [value as SchemaLike];
  const inner = Array.isArray(value)
    ? value
    : Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null
      ? Object.values(value)
      : [];
  return inner.filter((part): part is SchemaLike => typeof part === "object" && part !== null && "_zod" in part);
}
