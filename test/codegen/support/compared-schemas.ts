import { array, constantFrom, letrec, oneof, record, type Arbitrary } from "fast-check";

/** A schema's source, and values that it accepts or nearly so. */
export interface Compared {
  readonly source: string;
  readonly values: readonly unknown[];
}

function leaf(source: string, ...values: readonly unknown[]): Compared {
  return { source, values };
}

const leaves = constantFrom(
  leaf("z.string()", "", "a", "abcdefgh"),
  leaf("z.string().min(2)", "ab", "a"),
  leaf("z.string().max(3)", "abc", "abcd"),
  leaf("z.string().min(1).max(5)", "a", "abcde"),
  leaf("z.string().regex(/^a/)", "a", "b"),
  leaf("z.email()", "a@b.cd"),
  leaf("z.uuid()", "123e4567-e89b-42d3-a456-426614174000"),
  leaf("z.number()", 0, 1.5, -3, 1e300),
  leaf("z.int()", 3, 1.5),
  leaf("z.number().min(0).max(10)", 0, 10, 11, 0.5),
  leaf("z.number().gt(0).lt(10)", 0, 10, 9.5),
  leaf("z.number().multipleOf(4)", 4, 6),
  leaf("z.number().multipleOf(2)", 4, 6, 3),
  leaf("z.boolean()", true, false),
  leaf("z.literal(true)", true),
  leaf("z.null()", null),
  leaf("z.literal('a')", "a"),
  leaf("z.literal(['a', 1, null])", "a", 1, null),
  leaf("z.enum(['a', 'b', 'c'])", "a", "c"),
  leaf("z.enum(['a', 'b'])", "b"),
  leaf("z.unknown()", { x: 1 }, [], "z"),
  leaf("z.never()"),
  leaf("z.union([z.literal(true), z.literal(false)])", true, false),
);

/** JSON only: what JSON Schema says of a Date or a Map is about its form on the wire, which zod doesn't parse. */
export const comparedSchemas: Arbitrary<Compared> = letrec<{ schema: Compared }>((tie) => {
  const inner = tie("schema");
  const wrap = (
    pattern: (source: string) => string,
    values: (values: readonly unknown[]) => readonly unknown[],
  ): Arbitrary<Compared> => inner.map((part) => ({ source: pattern(part.source), values: values(part.values) }));
  const object = (kind: "object" | "strictObject" | "looseObject"): Arbitrary<Compared> =>
    record({ a: inner, b: inner, kind: constantFrom("", "k", "l"), optional: constantFrom("", ".optional()") }).map((parts) => {
      const tag = parts.kind === "" ? "" : `, kind: z.literal('${parts.kind}')`;
      const values = parts.a.values.flatMap((a, index) => {
        const b = parts.b.values[index % Math.max(1, parts.b.values.length)];
        const tagged = parts.kind === "" ? {} : { kind: parts.kind };
        return [
          { a, b, ...tagged },
          { a, ...tagged },
          { a, b, extra: 1, ...tagged },
        ];
      });
      return { source: `z.${kind}({ a: ${parts.a.source}, b: ${parts.b.source}${parts.optional}${tag} })`, values };
    });
  return {
    schema: oneof(
      { depthSize: "small", withCrossShrink: true },
      leaves,
      object("object"),
      object("strictObject"),
      object("looseObject"),
      wrap(
        (source) => `z.array(${source})`,
        (values) => [[], values, [values[0]], [1, 2, 3, 4]],
      ),
      wrap(
        (source) => `z.array(${source}).min(1).max(3)`,
        (values) => [[], values, [values[0], values[0], values[0]]],
      ),
      wrap(
        (source) => `z.tuple([${source}, z.number().optional()])`,
        (values) => values.flatMap((value) => [[value], [value, 1]]),
      ),
      wrap(
        (source) => `z.tuple([${source}], z.string())`,
        (values) => values.flatMap((value) => [[value], [value, "r"], [value, 2]]),
      ),
      wrap(
        (source) => `z.record(z.string(), ${source})`,
        (values) => values.map((value) => ({ a: value, q: value })),
      ),
      wrap(
        (source) => `z.partialRecord(z.enum(['a', 'b']), ${source})`,
        (values) => values.flatMap((value) => [{ a: value }, { a: value, b: value }]),
      ),
      wrap(
        (source) => `${source}.nullable()`,
        (values) => [...values, null],
      ),
      array(inner, { minLength: 2, maxLength: 3 }).map((parts) => ({
        source: `z.union([${parts.map(({ source }) => source).join(", ")}])`,
        values: parts.flatMap(({ values }) => values),
      })),
    ),
  };
}).schema;

/** Changes that make a schema wider, narrower, or neither. */
const edits: readonly (readonly [RegExp, string])[] = [
  [/\.min\(2\)/, ""],
  [/\.max\(3\)/, ".max(9)"],
  [/z\.int\(\)/, "z.number()"],
  [/z\.number\(\)/, "z.int()"],
  [/z\.string\(\)/, "z.string().max(3)"],
  [/z\.object/, "z.strictObject"],
  [/z\.strictObject/, "z.object"],
  [/z\.looseObject/, "z.object"],
  [/\.optional\(\)/, ""],
  [/\.nullable\(\)/, ""],
  [/z\.enum\(\['a', 'b'\]\)/, "z.enum(['a', 'b', 'c'])"],
  [/z\.enum\(\['a', 'b', 'c'\]\)/, "z.enum(['a', 'b'])"],
  [/z\.boolean\(\)/, "z.union([z.literal(true), z.literal(false)])"],
  [/z\.literal\('k'\)/, "z.enum(['k', 'l'])"],
  [/multipleOf\(4\)/, "multipleOf(2)"],
  [/^/, "z.union([z.string(), "],
  [/b: /, "c: "],
];

/** The same schema with one thing changed. */
export function mutated({ source, values }: Compared, seed: number): Compared {
  const possible = edits.filter(([pattern]) => pattern.test(source));
  const [pattern, text] = possible[seed % possible.length] ?? [/$/, ""];
  const changed = source.replace(pattern, text);
  return { source: text.startsWith("z.union([z.string(), ") ? `${changed}])` : changed, values };
}
