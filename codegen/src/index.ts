/** Turns contracts into typed stubs and manifests; behind `ligature gen`. */
export { gen, type GenOptions } from "./gen.ts";
export type { GenResult } from "./gen-result.ts";
export { watch, type WatchOptions, type WatchRound } from "./watch/index.ts";
export { formatDiagnostic, type Diagnostic } from "./diagnostic.ts";
export { PackageProblem } from "./read/index.ts";
export { generator } from "./version.ts";
export { commands, type Command, type Terminal } from "./commands/index.ts";
