import { schemaDef, type SchemaLike } from "./schema.ts";

/**
 * Whether a value of this schema may be left out: an argument, an object's key, the end of a tuple. This is
 * what zod's types say; at run time zod's own flags are looser (there `catch` and `transform` count as
 * optional so that they get to see a missing key), and their values changed between 4.0 and 4.6.
 */
export function mayBeMissing(schema: SchemaLike, side: "input" | "output"): boolean {
  const def = schemaDef(schema);
  const inner = def["innerType"] as SchemaLike;
  switch (def.type) {
    case "optional":
      return true;
    case "default":
    case "prefault":
      return side === "input";
    case "nullable":
    case "readonly":
    case "catch":
      return mayBeMissing(inner, side);
    case "success":
      return side === "input" && mayBeMissing(inner, side);
    case "lazy":
      return mayBeMissing((def["getter"] as () => SchemaLike)(), side);
    case "union":
      return (def["options"] as readonly SchemaLike[]).some((option) => mayBeMissing(option, side));
    case "intersection":
      return mayBeMissing(def["left"] as SchemaLike, side) && mayBeMissing(def["right"] as SchemaLike, side);
    case "pipe": {
      const first = def["in"] as SchemaLike;
      // `z.preprocess(fn, schema)`: the function takes what is there; whether it may be missing is the schema's to say.
      const useOut = side === "output" || schemaDef(first).type === "transform";
      return mayBeMissing(useOut ? (def["out"] as SchemaLike) : first, side);
    }
    default:
      return false;
  }
}
