import type { ContractSpec } from "ligature/contract";
import type { ContractPackage, ModuleGraph } from "../workspace/index.ts";
import type { CompilerTypes } from "./checker/index.ts";
import type { ModuleExports } from "./load.ts";
import type { Zod, ZodSchema } from "./schema/index.ts";
import type { ContractSource } from "./source/index.ts";

/** An exported schema of another contract package that this contract's modules import. */
export interface ForeignSchema {
  readonly package: string;
  /** What it is imported by: the package, or a part of it. */
  readonly specifier: string;
  readonly exportName: string;
  readonly schema: ZodSchema;
}

/** Names of the types that another contract package's generated code exports, by the name of the schema. */
export type ExportedTypes = Readonly<Record<string, { readonly output: string; readonly input: string }>>;

/** A contract that was run, and all that its model is made from. */
export interface LoadedContract {
  readonly contract: ContractPackage;
  readonly graph: ModuleGraph;
  readonly source: ContractSource;
  readonly exports: ModuleExports;
  /** The contract's other modules that were loaded with it, by path. */
  readonly modules: ReadonlyMap<string, ModuleExports>;
  readonly exportName: string;
  readonly spec: ContractSpec;
  readonly foreign: readonly ForeignSchema[];
  readonly typesOf: (packageName: string) => ExportedTypes | undefined;
  readonly zod: Zod;
  readonly compiler: CompilerTypes;
  /** The source may say more of its types than the schemas know. */
  readonly hidesMore: boolean;
}
