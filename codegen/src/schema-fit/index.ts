/** Compares JSON Schemas: whether what one version sends fits what another takes. */
export { alternativesOf, type Definitions } from "./alternatives.ts";
export type { FitOptions, Misfit } from "./misfit.ts";
export { SchemaFit } from "./schema-fit.ts";
export { defaultOf } from "./facts.ts";
export { isPlain, isRead, isTransformed } from "./reach.ts";
