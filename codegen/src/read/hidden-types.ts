import { keyword, type Side, type TypeNode } from "../model/type-node.ts";
import { Unprintable, type CompilerTypes } from "./checker/index.ts";
import type { NamedTypesContext, Place, ZodSchema } from "./schema/index.ts";

/**
 * What the walk over the schemas can't see, asked of the compiler: for schemas that don't know their types, and, in
 * contracts whose source may say more than the schemas show, for every schema.
 */
export class HiddenTypes implements NamedTypesContext {
  readonly #compiler: CompilerTypes;
  readonly #asksForAll: boolean;
  readonly #note: NamedTypesContext["mistake"];
  readonly #answers = new Map<ZodSchema, Map<Side, TypeNode>>();
  readonly #places = new Map<TypeNode, Place>();

  constructor(compiler: CompilerTypes, asksForAll: boolean, note: NamedTypesContext["mistake"]) {
    this.#compiler = compiler;
    this.#asksForAll = asksForAll;
    this.#note = note;
  }

  /** What was answered for a schema; its first place counts. */
  answer(schema: ZodSchema, side: Side): TypeNode | undefined {
    return this.#answers.get(schema)?.get(side);
  }

  /** Where an answer was asked for. */
  placeOf(type: TypeNode): Place | undefined {
    return this.#places.get(type);
  }

  opaque(schema: ZodSchema, side: Side, place: Place): TypeNode {
    return this.#tried(place, keyword("never"), () => {
      const type = this.#compiler.sideOf(place.types, side);
      const answers = this.#answers.get(schema) ?? new Map<Side, TypeNode>();
      if (!answers.has(side)) answers.set(side, type);
      for (const member of type.kind === "union" ? type.members : [type]) this.#places.set(member, place);
      this.#answers.set(schema, answers);
      return type;
    });
  }

  refined(schema: ZodSchema, side: Side, place: Place, type: TypeNode): TypeNode {
    const { def } = schema._zod;
    // Those were asked for already.
    if (!this.#asksForAll || def.type === "transform" || (def.type === "custom" && this.#answers.has(schema))) return type;
    if (place.isCast()) return this.#tried(place, type, () => this.#compiler.casted(place.types, side, type));
    if (def.coerce === true && side === "input") return this.opaque(schema, side, place);
    return this.#tried(place, type, () => this.#compiler.refined(place.types, side, type));
  }

  isSame(a: Place, b: Place): boolean {
    return !this.#asksForAll || this.#compiler.isSame(a.types, b.types);
  }

  mistake(place: Place, message: string): void {
    this.#note(place, message);
  }

  #tried(place: Place, otherwise: TypeNode, ask: () => TypeNode): TypeNode {
    try {
      return ask();
    } catch (error) {
      if (!(error instanceof Unprintable)) throw error;
      this.#note(place, `${place.label}: ${error.message}`);
      return otherwise;
    }
  }
}
