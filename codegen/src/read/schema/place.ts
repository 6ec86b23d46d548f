import type { ts } from "ts-morph";
import type { Origin } from "../../model/origin.ts";
import type { TypePath, TypeStep } from "../checker/index.ts";
import type { ContractSource, Step } from "../source/index.ts";
import type { ZodSchema } from "./definition.ts";

/**
 * Where in a contract the walk is: what people call it, and, as far as the source can be followed, the node
 * that stands there. Where it can't, the nearest node outside is kept for messages.
 */
export class Place {
  /** Such as `processing.processFile.params.options.strict`. */
  readonly label: string;
  /** The way that a type checker would take here; undefined where nobody would ask one. */
  readonly types: TypePath | undefined;
  readonly #source: ContractSource;
  readonly #node: ts.Node | undefined;
  readonly #exact: boolean;
  readonly #around: readonly ZodSchema[];

  constructor(source: ContractSource, label: string, node: ts.Node | undefined, options: PlaceOptions = {}) {
    const { exact = true, around = [], types } = options;
    this.label = label;
    this.types = types;
    this.#source = source;
    this.#node = node;
    this.#exact = exact && node !== undefined;
    this.#around = around;
  }

  /** One task of a contract. */
  task(key: string): Place {
    const task = this.#into({ prop: "tasks" }, "").prop(key);
    return new Place(this.#source, task.label, task.#node, {
      exact: task.#exact,
      around: task.#around,
      types: stepOf(task.types, { prop: "~task" }),
    });
  }

  /** Inside a property of an object. */
  prop(name: string): Place {
    return this.#into({ prop: name }, `.${name}`);
  }

  /** Inside another part of a schema. */
  part(part: Part): Place {
    return this.#into({ part }, typeof part === "number" || !silent.has(part) ? `[${part}]` : "");
  }

  entering(schema: ZodSchema): Place {
    return new Place(this.#source, this.label, this.#node, {
      exact: this.#exact,
      around: [...this.#around, schema],
      types: this.types,
    });
  }

  /** Whether the walk came through this very schema. */
  isInside(schema: ZodSchema): boolean {
    return this.#around.includes(schema);
  }

  /** Whether the source says of the schema here that it is another type than it is. */
  isCast(): boolean {
    return this.#exact && this.#node !== undefined && this.#source.isCast(this.#node);
  }

  /** The JSDoc of the property or const that stands here. */
  doc(): string | undefined {
    return this.#exact && this.#node !== undefined ? this.#source.doc(this.#node) : undefined;
  }

  /** The position of the name that stands here. */
  origin(): Origin | undefined {
    return this.#exact && this.#node !== undefined ? this.#source.origin(this.#node) : undefined;
  }

  /** The nearest position that is known, for a message. */
  nearest(): Origin | undefined {
    return this.#node === undefined ? undefined : this.#source.position(this.#node);
  }

  #into(step: Step, label: string): Place {
    const node = this.#exact && this.#node !== undefined ? this.#source.step(this.#node, step) : undefined;
    return new Place(this.#source, `${this.label}${label}`, node ?? this.#node, {
      exact: node !== undefined,
      around: this.#around,
      types: stepOf(this.types, step),
    });
  }
}

type Part = Extract<TypeStep, { part: unknown }>["part"];

/** Parts that a reader wouldn't think of as steps. */
const silent: ReadonlySet<Part> = new Set<Part>(["inner", "in", "out"]);

interface PlaceOptions {
  readonly exact?: boolean;
  readonly around?: readonly ZodSchema[];
  readonly types?: TypePath | undefined;
}

function stepOf(types: TypePath | undefined, step: TypeStep): TypePath | undefined {
  return types === undefined ? undefined : { parent: types, step };
}
