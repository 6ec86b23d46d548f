import type { JsonSchema } from "../model/json-schema.ts";
import type { Side } from "../model/type-node.ts";
import type { CompilerTypes } from "./checker/index.ts";
import type { HiddenTypes } from "./hidden-types.ts";
import { jsonOfType, type ZodSchema } from "./schema/index.ts";

/** JSON Schemas of what only the compiler knows, made of the types that it gave. */
export class HiddenJsonSchemas {
  readonly #hidden: HiddenTypes;
  readonly #compiler: CompilerTypes;
  readonly #taken: ReadonlySet<string>;
  readonly #names = new Map<string, string>();
  readonly #definitions = new Map<string, JsonSchema>();

  /** @param taken names of definitions that schemas have */
  constructor(hidden: HiddenTypes, compiler: CompilerTypes, taken: Iterable<string>) {
    this.#hidden = hidden;
    this.#compiler = compiler;
    this.#taken = new Set(taken);
  }

  of(schema: ZodSchema, side: Side): JsonSchema | undefined {
    const type = this.#hidden.answer(schema, side);
    return type === undefined ? undefined : jsonOfType(type, (id) => this.#reference(id));
  }

  /** Types that contain themselves, by name. */
  definitions(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries(this.#definitions);
  }

  #reference(id: string): JsonSchema {
    const declared = this.#compiler.declared().find((each) => each.id === id);
    const name = this.#names.get(id) ?? this.#nameFor(declared?.name ?? id);
    this.#names.set(id, name);
    if (declared !== undefined && !this.#definitions.has(name)) {
      this.#definitions.set(name, {});
      this.#definitions.set(
        name,
        jsonOfType(declared.type, (inner) => this.#reference(inner)),
      );
    }
    return { $ref: `#/$defs/${name}` };
  }

  #nameFor(name: string): string {
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : `${name}_${number}`;
      if (!this.#taken.has(candidate) && !this.#definitions.has(candidate)) return candidate;
    }
  }
}
