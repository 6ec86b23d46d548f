import type { JsonValue } from "../model/json-schema.ts";
import type { Node } from "./alternatives.ts";
import { arrayFits } from "./containers.ts";
import { factsFit } from "./facts.ts";
import type { Fit, Misfit } from "./misfit.ts";

/**
 * Plain JSON where the receiver's schema wants what JSON has no form for: it is read as the schema means it
 * (src/protocol/guided.ts). Undefined where that isn't certain.
 */
export function readingFits(fit: Fit, from: Node, to: Node): readonly Misfit[] | undefined {
  if (from["x-type"] !== undefined || to.const !== undefined) return undefined;
  const facts = (): readonly Misfit[] => factsFit(fit, from, to).map((each) => ({ path: "", ...each }));
  switch (to["x-type"]) {
    case "Date":
      return isDate(from) ? facts() : undefined;
    case "bigint":
      return isSafeInteger(from) ? facts() : undefined;
    case "undefined":
      return fit.options.readsNull === true && (from.type === "null" || from.const === null) ? facts() : undefined;
    case "Set":
      return from.type === "array"
        ? [...facts(), ...fewer(from, to), ...arrayFits(fit, from, { ...to, minItems: 0 })]
        : undefined;
    case "Map":
      if (from.type === "array") return [...facts(), ...fewer(from, to), ...arrayFits(fit, from, { ...to, minItems: 0 })];
      return isRecord(from) ? [...facts(), ...recordFits(fit, from, to)] : undefined;
    default:
      return undefined;
  }
}

function isDate(node: Node): boolean {
  if (typeof node.const === "string")
    return /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z)?$/.test(node.const) && !Number.isNaN(Date.parse(node.const));
  return node.type === "string" && node.formats?.some((format) => format === "date-time" || format === "date") === true;
}

function isSafeInteger(node: Node): boolean {
  if (node.const !== undefined) return Number.isSafeInteger(node.const);
  const [least, most] = [node["minimum"] ?? node["exclusiveMinimum"], node["maximum"] ?? node["exclusiveMaximum"]];
  return node.type === "integer" && Number.isSafeInteger(least) && Number.isSafeInteger(most);
}

/** Equal items become one. */
function fewer(from: Node, to: Node): readonly Misfit[] {
  const [least = 0, given = 0] = [to["minItems"], from["minItems"]].map((each) => Number(each ?? 0));
  return least === 0 || (least === 1 && given > 0)
    ? []
    : [{ path: "", kind: "refused", why: `fewer than ${least} different ones are refused` }];
}

function isRecord(node: Node): boolean {
  return (
    node.type === "object" && Object.keys(node.properties ?? {}).length === 0 && typeof node["additionalProperties"] === "object"
  );
}

function recordFits(fit: Fit, from: Node, to: Node): readonly Misfit[] {
  const pair = to["items"] as { readonly prefixItems?: readonly JsonValue[] } | undefined;
  const [key, value] = pair?.prefixItems ?? [];
  const keys = from["propertyNames"] ?? { type: "string" };
  const inside = (path: string, misfits: readonly Misfit[]): readonly Misfit[] =>
    misfits.map((each) => ({ ...each, path: path + each.path }));
  const most = to["maxItems"];
  return [
    ...fewer(from, to),
    ...(typeof most === "number" ? [{ path: "", kind: "refused", why: `more than ${most} are refused` } as const] : []),
    ...inside("{} key", fit.misfits(keys, key ?? true)),
    ...inside("{}", fit.misfits(from["additionalProperties"] ?? true, value ?? true)),
  ];
}
