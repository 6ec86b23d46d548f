/** Printing: from a plan to the text of each file. Knows no file system and no syntax tree. */
export { printDeclarations } from "./declarations.ts";
export { printModule } from "./module.ts";
