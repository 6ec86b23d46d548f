/** Schemas, walked: the types they print as, and the JSON Schemas of their values. */
export { isZodSchema, type ZodSchema } from "./definition.ts";
export { describeJson } from "./describe-json.ts";
export { jsonSchemas, type NamedJsonSchema, type Zod } from "./json-of-schema.ts";
export { jsonOfType } from "./json-of-type.ts";
export { acceptsUndefined } from "./modifiers.ts";
export { keepsItsType } from "./keeps-type.ts";
export { jsonValue, jsonValueId, NamedTypes, withoutSides, type NamedSchema, type NamedTypesContext } from "./named-types.ts";
export { Place } from "./place.ts";
export { describedAs } from "./type-of.ts";
export { isCarried, orUndefined } from "./wire-forms.ts";
