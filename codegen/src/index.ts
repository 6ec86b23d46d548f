/** Turns contracts into typed stubs and manifests; behind `ligature gen`. */
export { gen, type GenOptions, type GenResult } from "./gen.ts";
export { generate, type GeneratedFile, type GenerateOptions } from "./generate.ts";
export type { ContractModel } from "./model/contract-model.ts";
export { formatDiagnostic, type Diagnostic } from "./diagnostic.ts";
export { PackageProblem } from "./read/index.ts";
export { generator } from "./version.ts";
