import { array, constantFrom, letrec, oneof, tuple, uniqueArray, type Arbitrary } from "fast-check";

/** Source of a schema, and what the compiler may be asked about its types. */
export interface RandomSchema {
  readonly source: string;
  /** An intersection inside: TypeScript doesn't take our form and zod's for identical. */
  readonly intersects: boolean;
}

const leaf = constantFrom(
  "z.string()",
  "z.string().min(1)",
  "z.email()",
  "z.number()",
  "z.int()",
  "z.bigint()",
  "z.boolean()",
  "z.date()",
  "z.null()",
  "z.undefined()",
  "z.unknown()",
  "z.literal('a')",
  "z.literal(['b', 1, null])",
  "z.enum(['x', 'y', 'z'])",
  "z.templateLiteral(['v', z.number()])",
  "z.coerce.number()",
  "z.stringbool()",
  "z.codec(z.string(), z.date(), { decode: (s) => new Date(s), encode: (d) => d.toISOString() })",
).map((source): RandomSchema => ({ source, intersects: false }));

const key = constantFrom("a", "b", "c", "d", "some key", "e-f");

/** Schemas up to a few levels deep, of every kind whose types codegen knows. */
export const randomSchema: Arbitrary<RandomSchema> = letrec<{ schema: RandomSchema; object: RandomSchema }>((tie) => {
  const inner = tie("schema");
  const wrap = (pattern: (source: string) => string, of: Arbitrary<RandomSchema> = inner): Arbitrary<RandomSchema> =>
    of.map(({ source, intersects }) => ({ source: pattern(source), intersects }));
  const join = (
    pattern: (sources: readonly string[]) => string,
    of: Arbitrary<readonly RandomSchema[]>,
  ): Arbitrary<RandomSchema> =>
    of.map((parts) => ({
      source: pattern(parts.map(({ source }) => source)),
      intersects: parts.some(({ intersects }) => intersects),
    }));
  const some = array(inner, { minLength: 1, maxLength: 3 });
  return {
    object: uniqueArray(tuple(key, inner), { minLength: 1, maxLength: 4, selector: ([name]) => name }).map((entries) => ({
      source: `z.object({ ${entries.map(([name, { source }]) => `"${name}": ${source}`).join(", ")} })`,
      intersects: entries.some(([, { intersects }]) => intersects),
    })),
    schema: oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      tie("object"),
      wrap((source) => `z.array(${source})`),
      wrap((source) => `${source}.optional()`),
      wrap((source) => `${source}.nullable()`),
      wrap((source) => `${source}.nullish()`),
      wrap((source) => `${source}.default(null as never)`),
      wrap((source) => `${source}.prefault(null as never)`),
      wrap((source) => `${source}.catch(null as never)`),
      wrap((source) => `${source}.nonoptional()`),
      wrap((source) => `z.lazy(() => ${source})`),
      wrap((source) => `${source}.readonly()`),
      wrap((source) => `z.array(${source}).readonly()`),
      wrap((source) => `z.record(z.string(), ${source})`),
      wrap((source) => `z.record(z.enum(["k", "l"]), ${source})`),
      wrap((source) => `z.set(${source})`),
      wrap((source) => `${source}.partial()`, tie("object")),
      join((parts) => `z.tuple([${parts.join(", ")}])`, some),
      join(([rest, ...items]) => `z.tuple([${items.join(", ")}], ${rest})`, array(inner, { minLength: 2, maxLength: 3 })),
      join((parts) => `z.union([${parts.join(", ")}])`, some),
      join(([a, b]) => `z.map(${a}, ${b})`, tuple(inner, inner)),
      tuple(tie("object"), tie("object")).map(([a, b]) => ({
        source: `z.intersection(${a.source}, ${b.source})`,
        intersects: true,
      })),
    ),
  };
}).schema;
