import {
  asserted,
  isBrand,
  isKeyword,
  keyword,
  unionOf,
  withoutUndefined,
  type Side,
  type TypeNode,
} from "../../model/type-node.ts";

type Lookup = (id: string, side: Side) => TypeNode | undefined;

/** What zod's `MakeReadonly<T>` makes of a type. */
export function makeReadonly(type: TypeNode, lookup: Lookup): TypeNode {
  switch (type.kind) {
    case "array":
    case "record":
    case "object":
      return { ...type, readonly: true };
    case "tuple":
      return readonlyTuple(type);
    case "union":
      return unionOf(type.members.map((member) => makeReadonly(member, lookup)));
    case "intersection":
      return { kind: "intersection", members: type.members.map((member) => makeReadonly(member, lookup)) };
    case "global":
      if (type.name === "Map" || type.name === "Set") return { ...type, name: `Readonly${type.name}` };
      // Of the built-in classes, zod's type knows this one for none of them.
      return type.name === "URL" ? { kind: "global", name: "Readonly", args: [type] } : type;
    case "named":
      return readonlyName(type, lookup);
    case "keyword":
      return type.name === "unknown" ? { kind: "global", name: "Readonly", args: [type] } : type;
    case "asserted":
      return asserted(makeReadonly(type.type, lookup));
    case "imported":
      return isBrand(type) ? type : { kind: "global", name: "Readonly", args: [type] };
    case "literal":
    case "template":
      return type;
  }
}

/**
 * zod's type looks for a first element; without a certain one it sees a list of whatever the elements are. Of one that
 * may be missing, the compiler then adds `undefined`, whatever `exactOptional()` says.
 */
function readonlyTuple(type: TypeNode & { kind: "tuple" }): TypeNode {
  if (type.items[0]?.optional === false) return { ...type, readonly: true };
  const elements = type.items.flatMap((item) => (item.optional ? [item.type, keyword("undefined")] : [item.type]));
  if (type.rest !== undefined) elements.push(type.rest);
  return { kind: "array", element: unionOf(elements), readonly: true };
}

/** `Readonly<Name>` says it where the name stands for an object or a list; else what it stands for is looked at. */
function readonlyName(type: TypeNode & { kind: "named" }, lookup: Lookup): TypeNode {
  const meant = lookup(type.id, type.side);
  if (meant === undefined || ["object", "array", "tuple", "record"].includes(meant.kind)) {
    return { kind: "global", name: "Readonly", args: [type] };
  }
  const changed = makeReadonly(meant, lookup);
  return changed === meant ? type : changed;
}

/** The type without `undefined`, also where that hides behind a name. */
export function excludeUndefined(type: TypeNode, lookup: Lookup): TypeNode {
  if (type.kind === "union") return unionOf(type.members.map((member) => excludeUndefined(member, lookup)));
  if (type.kind === "asserted") return asserted(excludeUndefined(type.type, lookup));
  if (type.kind !== "named") return isKeyword(type, "void") ? keyword("void") : withoutUndefined(type);
  const meant = lookup(type.id, type.side);
  if (meant === undefined) return { kind: "global", name: "Exclude", args: [type, keyword("undefined")] };
  return acceptsUndefined(meant, lookup, [type.id])
    ? { kind: "global", name: "Exclude", args: [type, keyword("undefined")] }
    : type;
}

/** Whether `undefined` is one of its values, also behind a name. */
export function acceptsUndefined(type: TypeNode, lookup: Lookup, trail: readonly string[] = []): boolean {
  if (type.kind === "union") return type.members.some((member) => acceptsUndefined(member, lookup, trail));
  if (type.kind === "named" && !trail.includes(type.id)) {
    const meant = lookup(type.id, type.side);
    return meant === undefined || acceptsUndefined(meant, lookup, [...trail, type.id]);
  }
  return isKeyword(type, "undefined");
}
