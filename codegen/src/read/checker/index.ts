/**
 * The type checker, asked only for what the loaded schemas can't know: brands, what a transform returns, what
 * `z.custom<T>()` stands for. Nothing is loaded or checked until the first such question.
 */
export { CompilerTypes, type DeclaredType } from "./compiler-types.ts";
export { hidesTypes } from "./hides-types.ts";
export { Programs } from "./programs.ts";
export type { TypePath, TypeRoot, TypeStep } from "./type-path.ts";
export { Unprintable } from "./unprintable.ts";
