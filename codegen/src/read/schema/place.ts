import type { ts } from "ts-morph";
import type { Origin } from "../../model/origin.ts";
import type { Step } from "../source/navigate.ts";
import type { ContractSource } from "../source/contract-source.ts";
import type { ZodSchema } from "./definition.ts";

/**
 * Where in a contract the walk is: what people call it, and, as far as the source can be followed, the node
 * that stands there. Where it can't, the nearest node outside is kept for messages.
 */
export class Place {
  /** Such as `processing.processFile.params.options.strict`. */
  readonly label: string;
  readonly #source: ContractSource;
  readonly #node: ts.Node | undefined;
  readonly #exact: boolean;
  readonly #around: readonly ZodSchema[];

  constructor(source: ContractSource, label: string, node: ts.Node | undefined, exact = true, around: readonly ZodSchema[] = []) {
    this.label = label;
    this.#source = source;
    this.#node = node;
    this.#exact = exact && node !== undefined;
    this.#around = around;
  }

  /** One task of a contract. */
  task(key: string): Place {
    return this.#into({ prop: "tasks" }, "").prop(key);
  }

  /** Inside a property of an object. */
  prop(name: string): Place {
    return this.#into({ prop: name }, `.${name}`);
  }

  /** Inside another part of a schema. */
  part(part: "inner" | "element" | "key" | "value" | number): Place {
    return this.#into({ part }, typeof part === "number" ? `[${part}]` : part === "inner" ? "" : `[${part}]`);
  }

  entering(schema: ZodSchema): Place {
    return new Place(this.#source, this.label, this.#node, this.#exact, [...this.#around, schema]);
  }

  /** Whether the walk came through this very schema. */
  isInside(schema: ZodSchema): boolean {
    return this.#around.includes(schema);
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
    return new Place(this.#source, `${this.label}${label}`, node ?? this.#node, node !== undefined, this.#around);
  }
}
