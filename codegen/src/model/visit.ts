import type { TypeNode } from "./type-node.ts";

/** Calls back for a type and every type inside it; not for what a name stands for. */
export function visit(type: TypeNode, each: (part: TypeNode) => void): void {
  each(type);
  for (const part of partsOf(type)) visit(part, each);
}

function partsOf(type: TypeNode): readonly TypeNode[] {
  switch (type.kind) {
    case "keyword":
    case "literal":
    case "named":
      return [];
    case "asserted":
      return [type.type];
    case "global":
    case "imported":
      return type.args;
    case "object":
      return type.props.map((prop) => prop.type);
    case "array":
      return [type.element];
    case "tuple":
      return [...type.items.map((item) => item.type), ...(type.rest === undefined ? [] : [type.rest])];
    case "record":
      return [type.key, type.value];
    case "union":
    case "intersection":
      return type.members;
    case "template":
      return type.parts.filter((part) => typeof part !== "string");
  }
}
