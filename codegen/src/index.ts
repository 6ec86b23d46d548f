/** Turns contracts into typed stubs and manifests; behind `ligature gen`. */
export { gen, type GenOptions, type GenResult } from "./gen/index.ts";
export { watch, type WatchOptions, type WatchRound } from "./watch/index.ts";
export { formatDiagnostic, type Diagnostic } from "./diagnostic.ts";
export { PackageProblem } from "./workspace/index.ts";
export { generator } from "./version.ts";
