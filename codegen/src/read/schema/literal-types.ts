import { keyword, unionOf, type TypeNode } from "../../model/type-node.ts";
import { isZodSchema, type ZodSchema } from "./definition.ts";
import { isCarried } from "./wire-forms.ts";

type Primitive = string | number | bigint | boolean | null | undefined;

export function literalType(value: Primitive): TypeNode {
  if (value === null) return keyword("null");
  if (value === undefined) return keyword("undefined");
  if (typeof value === "string") return { kind: "literal", text: JSON.stringify(value) };
  // Neither TypeScript nor JSON has a literal for NaN and the infinities.
  if (typeof value === "number" && !Number.isFinite(value)) return keyword("nan");
  return { kind: "literal", text: typeof value === "bigint" ? `${value}n` : String(value) };
}

/** An enum's values. TypeScript's numeric enums also map back from number to name; those entries are no values. */
export function enumValues(entries: Readonly<Record<string, string | number>>): readonly (string | number)[] {
  const numbers = new Set(Object.values(entries).filter((value) => typeof value === "number"));
  return Object.entries(entries)
    .filter(([key]) => !numbers.has(Number(key)))
    .map(([, value]) => value);
}

/** The type of `z.instanceof(Class)` for a well-known global class. */
export function instanceType(schema: ZodSchema): TypeNode | undefined {
  const constructor = schema._zod.bag?.Class;
  if (typeof constructor !== "function" || !isCarried(constructor.name)) return undefined;
  if ((globalThis as Readonly<Record<string, unknown>>)[constructor.name] !== constructor) return undefined;
  return { kind: "global", name: constructor.name, args: [] };
}

/** The type of `z.templateLiteral([…])`. */
export function templateOf(parts: readonly (ZodSchema | Primitive)[], typeOf: (part: ZodSchema) => TypeNode): TypeNode {
  const nodes = parts.map((part): string | TypeNode =>
    isZodSchema(part) ? emptyForUndefined(typeOf(part)) : String(part ?? (part === null ? "null" : "")),
  );
  const only = nodes.every((node) => typeof node === "string") ? nodes.join("") : undefined;
  return only === undefined ? { kind: "template", parts: nodes } : { kind: "literal", text: JSON.stringify(only) };
}

/** An absent part of a template is the empty string. */
function emptyForUndefined(type: TypeNode): TypeNode {
  const members = type.kind === "union" ? type.members : [type];
  return unionOf(
    members.map((member) =>
      member.kind === "keyword" && member.name === "undefined" ? { kind: "literal", text: '""' } : member,
    ),
  );
}
