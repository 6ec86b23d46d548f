import type { JsonSchema } from "./json-schema.ts";
import type { Origin } from "./origin.ts";
import type { TypeNode } from "./type-node.ts";

/** All that is known of one contract package, as plain JSON: the rest of the generator needs nothing else. */
export interface ContractModel {
  /** The npm package's name. */
  readonly package: string;
  /** The contract module, relative to the package: `src/contract.ts`. */
  readonly source: string;
  /** The built contract module as `generated/index.js` imports it: `../dist/contract.js`. */
  readonly runtime: string;
  /** Hash of everything that the output depends on. */
  readonly inputs: string;
  /** Its schemas may have types that only the compiler knows, such as brands: whoever takes them apart must ask it. */
  readonly hidesTypes: boolean;
  readonly contract: {
    /** Its name on the wire, and of the generated value. */
    readonly name: string;
    /** Under which name the contract module exports it. */
    readonly exportName: string;
    readonly doc?: string | undefined;
    readonly origin?: Origin | undefined;
    readonly runtime: "ligature" | "celery";
    readonly queue: QueueModel;
    readonly allow: AllowedModel;
  };
  /** In the order of the source. */
  readonly tasks: readonly TaskModel[];
  /** Declared errors of all tasks, by name. */
  readonly errors: readonly ErrorModel[];
  /** Exported schemas, in the order of the source. */
  readonly types: readonly NamedTypeModel[];
  /** Exported schemas of other contract packages that are used here. */
  readonly imports: readonly ImportedTypeModel[];
  /** JSON Schemas of the named types, by name; `$ref`s lead here. */
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** Findings that the contract says are all right: reasons by rule. */
export type AllowedModel = Readonly<Record<string, string>>;

export interface QueueModel {
  readonly name: string;
  readonly type: "quorum" | "classic";
  readonly deliveryLimit: number;
  readonly maxPriority?: number;
  readonly maxLength?: number;
}

export interface TaskModel {
  readonly key: string;
  /** The name on the wire. */
  readonly name: string;
  readonly doc?: string | undefined;
  readonly origin?: Origin | undefined;
  readonly queue: QueueModel;
  readonly params: readonly ParamModel[];
  /** Absent: the task returns nothing. */
  readonly returns?: ValueModel | undefined;
  /** Names of {@link ContractModel.errors}. */
  readonly errors: readonly string[];
  readonly progress?: ValueModel | undefined;
  readonly delivery: DeliveryModel;
  readonly allow: AllowedModel;
  readonly fingerprint: string;
  /** Every argument that is given is plain JSON for certain. */
  readonly plainArgs: boolean;
  /** The result is plain JSON for certain. */
  readonly plainResult: boolean;
}

/** A schema: its types on both sides, and what its values look like on the wire. */
export interface ValueModel {
  readonly input: TypeNode;
  readonly output: TypeNode;
  /** Of the side that travels: input for arguments and errors, output for all else. */
  readonly json: JsonSchema;
}

export interface ParamModel extends ValueModel {
  readonly name: string;
  readonly doc: string | undefined;
  /** A caller may leave it out. */
  readonly optional: boolean;
  /** What a handler gets: the output, and `undefined` when the argument may be missing there too. */
  readonly received: TypeNode;
}

export interface ErrorModel extends ValueModel {
  readonly name: string;
  readonly doc?: string | undefined;
  readonly origin?: Origin | undefined;
}

/** How a task is delivered, as far as its contract says; times in milliseconds. */
export interface DeliveryModel {
  readonly priority?: number;
  readonly retry?: {
    readonly limit: number;
    readonly backoff: "exponential" | "fixed";
    readonly delay: number;
    readonly maxDelay: number;
    readonly jitter: boolean;
    readonly on: readonly string[];
  };
  readonly timeLimit?: { readonly soft?: number; readonly hard?: number };
  readonly expires?: number;
  readonly ack: "late" | "early";
  readonly ignoreResult: boolean;
}

export interface NamedTypeModel {
  /** What {@link TypeNode} refers to it by. */
  readonly id: string;
  /** The name that the contract module exports it under. */
  readonly exportName: string;
  readonly doc?: string | undefined;
  readonly origin?: Origin | undefined;
  readonly output: TypeNode;
  /** Only where it differs from the output. */
  readonly input?: TypeNode | undefined;
  /** No schema of the contract stands behind it: a type of the source that contains itself. */
  readonly isDeclared?: boolean;
}

export interface ImportedTypeModel {
  readonly id: string;
  readonly package: string;
  /** Names of the two sides' types in that package's generated code. */
  readonly output: string;
  readonly input: string;
}
