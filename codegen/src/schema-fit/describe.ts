import type { JsonValue } from "../model/json-schema.ts";
import type { Node } from "./alternatives.ts";

/** A schema in a few words, for a sentence. */
export function describe(nodes: readonly Node[] | undefined): string {
  if (nodes === undefined) return "something else";
  const words = [...new Set(nodes.map(describeNode))];
  if (words.length === 0) return "nothing";
  if (words.length > 4) return `${words.slice(0, 3).join(" | ")} | … ${words.length - 3} more`;
  return words.join(" | ");
}

function describeNode(node: Node): string {
  const special = node["x-type"];
  if (node.const !== undefined) return literal(node.const);
  if (typeof special === "string") return special;
  switch (node.type) {
    case undefined:
      return "any value";
    case "object":
      return node.properties === undefined && node["additionalProperties"] !== undefined ? "a record" : "an object";
    case "array":
      return node["prefixItems"] === undefined ? "an array" : "a tuple";
    case "integer":
      return "an integer";
    case "null":
      return "null";
    default:
      return node.formats === undefined ? `a ${node.type}` : `a ${node.type} (${node.formats.join(", ")})`;
  }
}

function literal(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
