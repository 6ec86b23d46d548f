/** JavaScript values as JSON and annotations, and back. */
export { readBoundMeta, writeArgsMeta, writeBoundMeta } from "./args-meta.ts";
export { annotateArgs, packArgs, packedArg, unpackArgs } from "./arguments.ts";
export { annotationsOf, type Annotations } from "./meta.ts";
export { packValue, unpackValue, type Packed } from "./packed.ts";
export { isTypedValue, plainJson, plainText, readTypedValue, type TypedValue } from "./typed-values.ts";
