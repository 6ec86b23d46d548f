import { isBrand, type Side, type TypeNode } from "../model/type-node.ts";
import { visit } from "../model/visit.ts";
import { isCarried } from "./schema/index.ts";

/** Something that no message can carry, in a type that only the compiler knows. */
export interface StaysBehind {
  readonly name: string;
  /** The answer of the compiler that it is in. */
  readonly within: TypeNode;
}

/** What of a type that is sent can't be sent: instances of classes that superjson doesn't know. */
export function staysBehind(
  type: TypeNode,
  lookup: (id: string, side: Side) => TypeNode | undefined,
  seen: Set<string> = new Set(),
): readonly StaysBehind[] {
  const found: StaysBehind[] = [];
  visit(type, (part) => {
    if (part.kind === "asserted")
      visit(part.type, (inner) => found.push(...(isLeft(inner) ? [{ name: inner.name, within: part }] : [])));
    if (part.kind !== "named" || seen.has(`${part.side} ${part.id}`)) return;
    seen.add(`${part.side} ${part.id}`);
    const meant = lookup(part.id, part.side);
    if (meant !== undefined) found.push(...staysBehind(meant, lookup, seen));
  });
  return found;
}

function isLeft(type: TypeNode): type is TypeNode & { readonly kind: "imported" | "global" } {
  if (type.kind === "imported") return !isBrand(type);
  return type.kind === "global" && !isCarried(type.name) && !structural.has(type.name);
}

const structural: ReadonlySet<string> = new Set([
  "Capitalize",
  "Exclude",
  "Lowercase",
  "Map",
  "PropertyKey",
  "Readonly",
  "ReadonlyMap",
  "ReadonlySet",
  "Set",
  "Uncapitalize",
  "Uppercase",
  "object",
]);
