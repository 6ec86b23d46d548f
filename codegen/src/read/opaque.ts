import { keyword } from "../model/type-node.ts";
import type { WalkContext } from "./schema/type-of.ts";

const wayOut: Readonly<Record<string, string>> = {
  custom:
    "not supported yet: what z.custom() accepts is known only to the compiler. Describe the value with zod's own schemas, or with z.instanceof() of a class that can travel.",
  transform:
    "not supported yet: what a transform or preprocess function returns is known only to the compiler. Use z.codec() with a schema for each side, or z.coerce, or transform where the value is used.",
};

/**
 * Answers for types that only the compiler knows by refusing them. This is where a type checker would be
 * asked: the place leads to the expression whose type is wanted.
 */
export function refuseOpaque(mistake: WalkContext["mistake"]): WalkContext["opaque"] {
  return (schema, _side, place) => {
    const { type } = schema._zod.def;
    mistake(place, `${place.label}: ${wayOut[type] ?? `not supported yet: z.${type}().`}`);
    return keyword("never");
  };
}
