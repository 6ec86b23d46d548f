/** What the tests share with the benchmarks of types: fixtures, the compiler's counts, the language server. */
export { costOfWorkflow, workflows } from "./canvas.ts";
export { costOf, writeConsumer } from "./consumer.ts";
export type { Cost } from "./compile.ts";
export { callsOnly, handWritten, ligature, writeContracts, type Kind } from "./kinds.ts";
export { LanguageServer } from "./language-server.ts";
export { scratch } from "./scratch.ts";
export { sizeOf } from "./size.ts";
