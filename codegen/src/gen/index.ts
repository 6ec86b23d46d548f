/** `ligature gen`: contract packages in, their generated files out. */
export { gen, isUpToDate, unchanged, type GenOptions } from "./gen.ts";
export { generateApart } from "./generate-apart.ts";
export type { GenResult } from "./gen-result.ts";
export type { Job } from "./job.ts";
