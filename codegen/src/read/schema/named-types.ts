import { equalSides } from "../../model/equal-sides.ts";
import { mapNames } from "../../model/map-names.ts";
import { identityOf, keyword, unionOf, type Side, type TypeNode } from "../../model/type-node.ts";
import { contentOf, typeOf, type WalkContext } from "./type-of.ts";
import type { ZodSchema } from "./definition.ts";
import type { Place } from "./place.ts";

/** A schema that has a name: an export of this contract module or of another contract package's. */
export interface NamedSchema {
  readonly id: string;
  readonly exportName: string;
  readonly schema: ZodSchema;
  readonly place: Place;
}

/** What the types of schemas need from outside. */
export type NamedTypesContext = Pick<WalkContext, "opaque" | "mistake" | "refined"> & {
  /** Whether the compiler takes one schema for the same at two places; at run time a brand leaves no trace. */
  isSame(a: Place, b: Place): boolean;
};

/** The types of all named schemas, made when first asked for, since they refer to each other. */
export class NamedTypes {
  readonly #byId = new Map<string, NamedSchema>();
  readonly #idsOf = new Map<ZodSchema, string[]>();
  readonly #types = new Map<string, TypeNode | undefined>();
  readonly #context: WalkContext;
  readonly #isSame: NamedTypesContext["isSame"];

  /** Of two names for one schema, the one that is given first is used; the other becomes its alias. */
  constructor(named: readonly NamedSchema[], context: NamedTypesContext) {
    this.#isSame = (a, b) => context.isSame(a, b);
    for (const each of named) {
      this.#byId.set(each.id, each);
      this.#idsOf.set(each.schema, [...(this.#idsOf.get(each.schema) ?? []), each.id]);
    }
    this.#context = {
      idOf: (schema, place) => this.#idOf(schema, place),
      definition: (id, side) => this.definition(id, side),
      opaque: (schema, side, place) => context.opaque(schema, side, place),
      refined: (schema, side, place, type) => context.refined(schema, side, place, type),
      jsonValue: () => {
        this.#types.set(`output ${jsonValueId}`, jsonValue);
        return jsonName;
      },
      mistake: (place, message) => context.mistake(place, message),
    };
  }

  #idOf(schema: ZodSchema, place: Place): string | undefined {
    return (this.#idsOf.get(schema) ?? []).find((id) => {
      const named = this.#byId.get(id);
      return named !== undefined && (named.place === place || this.#isSame(named.place, place));
    });
  }

  /** The type of any schema: a name, if it has one. */
  typeOf(schema: ZodSchema, side: Side, place: Place): TypeNode {
    return typeOf(schema, side, place, this.#context);
  }

  /** What a name stands for; undefined while that is being found out, in a recursive schema. */
  definition(id: string, side: Side): TypeNode | undefined {
    const key = `${side} ${id}`;
    if (this.#types.has(key)) return this.#types.get(key);
    const named = this.#byId.get(id);
    if (named === undefined) return undefined;
    this.#types.set(key, undefined);
    const { schema, place } = named;
    const isAlias = this.#idOf(schema, place) !== id;
    const type = isAlias ? typeOf(schema, side, place, this.#context) : contentOf(schema, side, place, this.#context);
    this.#types.set(key, type);
    return type;
  }

  /** Whether there is a z.json() without a name of its own. */
  usesJsonValue(): boolean {
    return this.#types.has(`output ${jsonValueId}`);
  }

  /** The ids whose two sides are the same type. */
  withEqualSides(ids: readonly string[]): ReadonlySet<string> {
    return equalSides(ids, (id, sameAs) => {
      const [output, input] = [this.definition(id, "output"), this.definition(id, "input")];
      if (output === undefined || input === undefined) return output === input;
      return identityOf(withoutSides(output, sameAs)) === identityOf(withoutSides(input, sameAs));
    });
  }
}

/** What the type of any JSON value is known by. */
export const jsonValueId = "type JsonValue";

const jsonName: TypeNode = { kind: "named", id: jsonValueId, side: "output" };

export const jsonValue: TypeNode = unionOf([
  ...(["string", "number", "boolean", "null"] as const).map((name) => keyword(name)),
  { kind: "array", element: jsonName },
  { kind: "record", key: keyword("string"), value: jsonName, optional: false },
]);

/** The type with every name whose sides are the same taken for its output. */
export function withoutSides(type: TypeNode, same: ReadonlySet<string>): TypeNode {
  return mapNames(type, (name) => (same.has(name.id) ? { ...name, side: "output" } : name));
}
