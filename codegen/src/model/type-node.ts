import type { Origin } from "./origin.ts";

/** Input: what goes into a schema's `parse`. Output: what comes out. */
export type Side = "input" | "output";

/** A TypeScript type as plain data: what `read` makes of a schema, and `print` makes text of. */
export type TypeNode =
  | { readonly kind: "keyword"; readonly name: Keyword }
  | { readonly kind: "literal"; readonly text: string }
  /** A global type: `Date`, `Map<K, V>`, `PropertyKey`, … */
  | { readonly kind: "global"; readonly name: string; readonly args: readonly TypeNode[] }
  /** An exported schema, of this package or another. */
  | { readonly kind: "named"; readonly id: string; readonly side: Side }
  | { readonly kind: "object"; readonly props: readonly PropNode[]; readonly readonly?: boolean }
  | { readonly kind: "array"; readonly element: TypeNode; readonly readonly?: boolean }
  | {
      readonly kind: "tuple";
      readonly items: readonly { readonly type: TypeNode; readonly optional: boolean }[];
      readonly rest?: TypeNode;
      readonly readonly?: boolean;
    }
  /** `{ [key: K]: V }` for all of `string` or `number`, `{ [K in …]: V }` for a set of keys. */
  | {
      readonly kind: "record";
      readonly key: TypeNode;
      readonly value: TypeNode;
      readonly optional: boolean;
      readonly readonly?: boolean;
    }
  | { readonly kind: "union"; readonly members: readonly TypeNode[] }
  | { readonly kind: "intersection"; readonly members: readonly TypeNode[] }
  | { readonly kind: "template"; readonly parts: readonly (string | TypeNode)[] }
  /** A type that another module exports: a brand of zod's, a class. */
  | { readonly kind: "imported"; readonly from: string; readonly name: string; readonly args: readonly TypeNode[] }
  /** A type that the compiler believes, and that no schema checks: what a transform returns, say. */
  | { readonly kind: "asserted"; readonly type: TypeNode };

/** `nan` is a number that may be NaN: for TypeScript a number like others, for JSON not. */
export type Keyword =
  | "any"
  | "bigint"
  | "boolean"
  | "nan"
  | "never"
  | "null"
  | "number"
  | "string"
  | "undefined"
  | "unknown"
  | "void";

export interface PropNode {
  readonly key: string;
  readonly type: TypeNode;
  readonly optional: boolean;
  readonly readonly?: boolean;
  /** Its JSDoc, or zod's `.describe()`. */
  readonly doc?: string | undefined;
  readonly origin?: Origin | undefined;
}

export function keyword(name: Keyword): TypeNode {
  return { kind: "keyword", name };
}

/** A brand of zod's, which is nothing at run time. */
export function isBrand(type: TypeNode): boolean {
  return type.kind === "imported" && type.from === "zod" && type.name === "$brand";
}

export function isKeyword(type: TypeNode, name: Keyword): boolean {
  return type.kind === "keyword" && type.name === name;
}

/** The same type, marked as one that no schema checks; member by member, and not where there is nothing to check. */
export function asserted(type: TypeNode): TypeNode {
  if (type.kind === "union") return unionOf(type.members.map(asserted));
  if (type.kind === "asserted" || (type.kind === "keyword" && unchecked.has(type.name))) return type;
  return { kind: "asserted", type };
}

const unchecked: ReadonlySet<Keyword> = new Set(["any", "never", "null", "undefined", "unknown", "void"]);

/** A union, flat and without repetitions; `null` and `undefined` come last, as people write them. */
export function unionOf(members: readonly TypeNode[]): TypeNode {
  const flat = members.flatMap((member) => (member.kind === "union" ? member.members : [member]));
  const seen = new Map<string, TypeNode>();
  for (const member of flat) {
    if (isKeyword(member, "never")) continue;
    const identity = identityOf(member.kind === "asserted" ? member.type : member);
    if (seen.get(identity)?.kind !== "asserted") seen.set(identity, member);
  }
  const unique = [...seen.values()];
  for (const top of ["any", "unknown"] as const) if (unique.some((member) => isKeyword(member, top))) return keyword(top);
  if (unique.some((member) => isKeyword(member, "nan"))) seen.delete(identityOf(keyword("number")));
  const last = [keyword("null"), keyword("undefined")].filter((rare) => seen.has(identityOf(rare)));
  const sorted = [
    ...[...seen.values()].filter((member) => !isKeyword(member, "null") && !isKeyword(member, "undefined")),
    ...last,
  ];
  const [only, ...others] = sorted;
  if (only === undefined) return keyword("never");
  return others.length === 0 ? only : { kind: "union", members: sorted };
}

/** The type without `undefined`, where that can be seen in it. */
export function withoutUndefined(type: TypeNode): TypeNode {
  if (isKeyword(type, "undefined")) return keyword("never");
  if (type.kind !== "union") return type;
  return unionOf(type.members.filter((member) => !isKeyword(member, "undefined")));
}

/** Equal for equal types: their JSON without documentation and positions. */
export function identityOf(type: TypeNode): string {
  return JSON.stringify(type, (key, value: unknown) => (key === "doc" || key === "origin" ? undefined : value));
}
