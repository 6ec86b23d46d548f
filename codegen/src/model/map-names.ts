import type { TypeNode } from "./type-node.ts";

type Named = TypeNode & { readonly kind: "named" };

/** The same type with every name in it replaced. */
export function mapNames(type: TypeNode, change: (name: Named) => TypeNode): TypeNode {
  const map = (part: TypeNode): TypeNode => mapNames(part, change);
  switch (type.kind) {
    case "named":
      return change(type);
    case "keyword":
    case "literal":
      return type;
    case "asserted":
      return { ...type, type: map(type.type) };
    case "imported":
    case "global":
      return { ...type, args: type.args.map(map) };
    case "object":
      return { ...type, props: type.props.map((prop) => ({ ...prop, type: map(prop.type) })) };
    case "array":
      return { ...type, element: map(type.element) };
    case "tuple":
      return {
        ...type,
        items: type.items.map((item) => ({ ...item, type: map(item.type) })),
        ...(type.rest !== undefined && { rest: map(type.rest) }),
      };
    case "record":
      return { ...type, key: map(type.key), value: map(type.value) };
    case "union":
    case "intersection":
      return { ...type, members: type.members.map(map) };
    case "template":
      return { ...type, parts: type.parts.map((part) => (typeof part === "string" ? part : map(part))) };
  }
}
