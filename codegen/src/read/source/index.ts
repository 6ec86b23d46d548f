/** A contract's source text, parsed without types: where things are written, and what is wrong with them. */
export { ContractSource } from "./contract-source.ts";
export { jsDocOf } from "./jsdoc.ts";
export { at, loadMistakes } from "./load-mistakes.ts";
export type { Step } from "./navigate.ts";
export { repeatedKeys, syntaxErrors, type SourceMistake } from "./syntax-mistakes.ts";
export { isCast } from "./navigate.ts";
