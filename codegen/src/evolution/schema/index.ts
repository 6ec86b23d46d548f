/** Compares JSON Schemas: whether what one version sends fits what another takes. */
export type { Misfit } from "./misfit.ts";
export { SchemaFit, type FitOptions } from "./schema-fit.ts";
