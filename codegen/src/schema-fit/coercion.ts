import type { JsonValue } from "../model/json-schema.ts";
import { isObject, type Node } from "./alternatives.ts";
import type { Fit, Misfit } from "./misfit.ts";

/** What comes, against a schema that coerces: it turns what it gets into a number, a string, … and looks at that. */
export function coercionFits(fit: Fit, from: Node, to: Node): readonly Misfit[] {
  const wanted = to["x-coerce"] ?? {};
  const given = from["x-coerce"];
  if (given !== undefined) return fit.misfits(given, wanted);
  if (!isObject(wanted)) return [];
  const kind = wanted["x-type"] ?? wanted["type"];
  if (kindOf(from) === (kind === "integer" ? "number" : kind)) return fit.misfits(asSchema(from), wanted);
  const isBare = Object.keys(wanted).every((keyword) => ["type", "format", "pattern", "x-type"].includes(keyword));
  const takesAll = kind === "boolean" || (kind === "string" && !("pattern" in wanted) && !("format" in wanted) && isScalar(from));
  const takesThis =
    (kind === "bigint" && from.type === "integer") ||
    (kind === "Date" &&
      from["x-type"] === undefined &&
      from.formats?.some((each) => each === "date-time" || each === "date") === true);
  if (isBare && (takesAll || takesThis)) return [];
  return [{ path: "", kind: "unclear", why: `whether it can always be turned into what is accepted (${JSON.stringify(kind)})` }];
}

function kindOf(node: Node): JsonValue | undefined {
  if (node["x-type"] !== undefined) return node["x-type"];
  if (node.const !== undefined) return node.const === null ? "null" : typeof node.const;
  return node.type === "integer" ? "number" : node.type;
}

function isScalar(node: Node): boolean {
  return ["string", "number", "boolean", "bigint"].some((kind) => kind === kindOf(node));
}

function asSchema({ patterns = [], formats = [], ...node }: Node): JsonValue {
  const parts: JsonValue[] = [...patterns.map((pattern) => ({ pattern })), ...formats.map((format) => ({ format }))];
  return { ...(node as { readonly [key: string]: JsonValue }), ...(parts.length > 0 && { allOf: parts }) };
}
