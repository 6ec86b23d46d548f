/** `ligature gen`: contract packages in, their generated files out. */
export { gen, isUpToDate, type GenOptions, type GenResult } from "./gen.ts";
