import { isBrand, withoutUndefined, type PropNode, type Side, type TypeNode } from "./type-node.ts";

/** The type behind a name. */
export type Lookup = (id: string, side: Side) => TypeNode | undefined;

/**
 * Whether every value of a type survives `JSON.stringify` and `JSON.parse` unchanged, so that superjson has
 * nothing to do. Only what is certain counts: no Date, Map, Set, bigint, class instance; no `unknown`, which
 * could be any of them; no `undefined`, which JSON can't say, but for a key that may be missing anyway.
 * Numbers are plain: zod's refuse NaN and the infinities. (-0 becomes 0.)
 */
export function isPlain(type: TypeNode, lookup: Lookup, trail: readonly string[] = []): boolean {
  const plain = (part: TypeNode): boolean => isPlain(part, lookup, trail);
  switch (type.kind) {
    case "keyword":
      return plainKeywords.has(type.name);
    case "literal":
      return !/\dn$/.test(type.text) || type.text.startsWith('"');
    case "template":
      return true;
    case "array":
      return plain(type.element);
    case "tuple":
      return type.items.every((item) => plain(item.type)) && (type.rest === undefined || plain(type.rest));
    case "object":
      return type.props.every((prop) => isPlainProp(prop, plain));
    case "record":
      return plain(type.value);
    case "union":
    case "intersection":
      return type.members.every(plain);
    case "imported":
      return isBrand(type);
    case "asserted":
      return false;
    case "global":
      return (type.name === "Readonly" || type.name === "Exclude") && type.args.slice(0, 1).every(plain);
    case "named": {
      // In a circle: plain unless something on the way round is not.
      if (trail.includes(`${type.id} ${type.side}`)) return true;
      const meant = lookup(type.id, type.side);
      return meant !== undefined && isPlain(meant, lookup, [...trail, `${type.id} ${type.side}`]);
    }
  }
}

const plainKeywords: ReadonlySet<string> = new Set(["boolean", "never", "null", "number", "string"]);

function isPlainProp(prop: PropNode, plain: (type: TypeNode) => boolean): boolean {
  // JSON leaves out a key whose value is undefined; for a key that may be missing, that is the same.
  return plain(prop.optional ? withoutUndefined(prop.type) : prop.type);
}

/**
 * Whether every argument of a type is plain JSON. One that is left out counts: senders drop it at the end of the
 * arguments, and look into those of a call that leaves one out elsewhere.
 */
export function isPlainArgument(type: TypeNode, lookup: Lookup): boolean {
  const meant = type.kind === "named" ? lookup(type.id, type.side) : undefined;
  return isPlain(withoutUndefined(meant ?? type), lookup);
}

/** A task without `returns` sends `null`, as in Python; what a schema says of nothing (`z.void()`) has to be told apart. */
export function isPlainResult(type: TypeNode | undefined, lookup: Lookup): boolean {
  return type === undefined || isPlain(type, lookup);
}
