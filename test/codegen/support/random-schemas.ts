import {
  array,
  bigInt,
  boolean,
  constant,
  constantFrom,
  date,
  dictionary,
  integer,
  letrec,
  oneof,
  record,
  string,
  tuple,
  uniqueArray,
  type Arbitrary,
} from "fast-check";

/** Source of a schema, what the compiler may be asked about its types, and values to try it with. */
export interface RandomSchema {
  readonly source: string;
  /** An intersection inside: TypeScript doesn't take our form and zod's for identical. */
  readonly intersects: boolean;
  /**
   * JSON Schema can say all that this schema asks of a JSON value. It can't where a value isn't JSON (a Date, a
   * Map, undefined), where zod looks at what a value means (`coerce`, `stringbool`, any refinement), and where a
   * missing value passes although the type asks for one (`unknown`, `any`).
   */
  readonly exact: boolean;
  /**
   * zod takes more than the type and the JSON Schema say: of a `catch`, which is meant for what doesn't fit, anything;
   * of `undefined`, a missing key; of a union, instances of classes as objects.
   */
  readonly lenient: boolean;
  /** Values that fit, as a rule. */
  readonly value: Arbitrary<unknown>;
}

type Leaf = readonly [source: string, value: Arbitrary<unknown>];

const text = string({ maxLength: 4 });
const codecOfDate = "z.codec(z.iso.datetime(), z.date(), { decode: (s) => new Date(s), encode: (d) => d.toISOString() })";
const codecOfLength = "z.codec(z.string(), z.number(), { decode: (s) => s.length, encode: (n) => 'x'.repeat(n) })";

const exactLeaves: readonly Leaf[] = [
  ["z.string()", text],
  ["z.string().min(1)", text],
  ["z.string().max(3)", text],
  ["z.string().length(2)", text],
  ["z.string().regex(/^[a-c]+$/)", constantFrom("a", "abc", "abd", "")],
  ['z.string().startsWith("a").endsWith("c")', constantFrom("ac", "abc", "a", "c")],
  ["z.email()", constantFrom("a@example.com", "a@b", "")],
  ["z.uuid()", constantFrom("00000000-0000-4000-8000-000000000000", "0000")],
  ["z.iso.date()", constantFrom("2020-02-29", "2021-02-29", "20-1-1")],
  ["z.number()", oneof(integer(), constantFrom(0.5, -1e300))],
  ["z.number().min(-2).max(2)", integer({ min: -3, max: 3 })],
  ["z.number().gt(0).lt(2)", integer({ min: -1, max: 3 })],
  ["z.number().multipleOf(5)", integer({ min: -10, max: 10 })],
  ["z.int()", oneof(integer(), constantFrom(0.5, 2 ** 53, 2 ** 60))],
  ["z.int32()", oneof(integer(), constantFrom(2 ** 31, -(2 ** 31)))],
  ["z.boolean()", boolean()],
  ["z.null()", constant(null)],
  ["z.string().optional().nonoptional()", text],
  ["z.object({ n: z.int().optional() }).required()", constantFrom({ n: 1 }, {})],
  ["z.string().prefault('a')", text],
  ["z.object({ n: z.int().prefault(1) })", constantFrom({ n: 1 }, {})],
  ["z.json()", constantFrom(null, 1, "a", [[]], { a: [{ b: null }] })],
  ["z.literal('a')", constant("a")],
  ["z.literal(['b', 1, null])", constantFrom("b", 1, null)],
  ["z.enum(['x', 'y', 'z'])", constantFrom("x", "y", "z")],
  ["z.enum({ Low: 1, High: 'high' })", constantFrom(1, "high")],
  ["z.enum(['x', 'y', 'z']).exclude(['x'])", constantFrom("x", "y", "z")],
  ["z.templateLiteral(['v', z.number()])", constantFrom("v1", "v-2.5", "v", "v1.", "w1")],
  ["z.templateLiteral([z.enum(['a', 'b']), '-', z.boolean()])", constantFrom("a-true", "b-false", "c-true")],
  [codecOfDate, constantFrom("2020-01-01T00:00:00.000Z", "2020-01-01")],
  [codecOfLength, text],
];

const otherLeaves: readonly Leaf[] = [
  ["z.unknown()", constantFrom(null, 1, "a", [], {})],
  ["z.any()", constantFrom(null, 1, "a", [], {})],
  ["z.bigint()", bigInt()],
  ["z.literal(7n)", constant(7n)],
  ["z.date()", date({ noInvalidDate: true })],
  ["z.undefined()", constant(undefined)],
  ["z.nan()", constant(Number.NaN)],
  ["z.coerce.number()", constantFrom(1, "2", true)],
  ["z.coerce.string()", constantFrom("a", 1)],
  ["z.stringbool()", constantFrom("true", "no")],
  ["z.instanceof(URL)", constant(new URL("https://example.com/"))],
];

const leafOf =
  (exact: boolean) =>
  ([source, value]: Leaf): Arbitrary<RandomSchema> =>
    constant({ source, intersects: false, exact, lenient: source === "z.undefined()", value });

const leaf = oneof(
  { arbitrary: oneof(...exactLeaves.map(leafOf(true))), weight: 4 },
  { arbitrary: oneof(...otherLeaves.map(leafOf(false))), weight: 1 },
);

const key = constantFrom("a", "b", "c", "d", "some key", "e-f");

type Part = Pick<RandomSchema, "intersects" | "exact" | "lenient">;

function all(parts: readonly Part[]): Part {
  return {
    intersects: parts.some(({ intersects }) => intersects),
    exact: parts.every(({ exact }) => exact),
    lenient: parts.some(({ lenient }) => lenient),
  };
}

/** A Map or a Date that one member refuses is, to zod, an object that another may take. */
function takesInstances(members: readonly RandomSchema[]): boolean {
  return !all(members).exact && members.some(({ source }) => /object\(|record\(/i.test(source));
}

/** An object whose keys may be missing where `.optional()` and the like allow it. */
const objectOf = (entries: readonly (readonly [string, Pick<RandomSchema, "value">])[]): Arbitrary<unknown> =>
  record(Object.fromEntries(entries.map(([name, { value }]) => [name, value]))).map((value) => ({ ...value }));

const sourceOf = (entries: readonly (readonly [string, RandomSchema])[]): string =>
  `{ ${entries.map(([name, { source }]) => `"${name}": ${source}`).join(", ")} }`;

/** Schemas up to a few levels deep, of every kind whose types codegen knows. */
export const randomSchema: Arbitrary<RandomSchema> = letrec<{ schema: RandomSchema; object: RandomSchema }>((tie) => {
  const inner = tie("schema");
  const wrap = (
    pattern: (source: string) => string,
    value: (inner: Arbitrary<unknown>) => Arbitrary<unknown> = (same) => same,
    { of = inner, exact = true }: { readonly of?: Arbitrary<RandomSchema>; readonly exact?: boolean } = {},
  ): Arbitrary<RandomSchema> =>
    of.map((each) => ({ ...each, source: pattern(each.source), exact: each.exact && exact, value: value(each.value) }));
  const entries = uniqueArray(tuple(key, inner), { minLength: 1, maxLength: 4, selector: ([name]) => name });
  const object = (pattern: (shape: string) => string): Arbitrary<RandomSchema> =>
    entries.map((list) => ({
      source: pattern(sourceOf(list)),
      ...all(list.map(([, each]) => each)),
      value: objectOf(list),
    }));
  const some = array(inner, { minLength: 1, maxLength: 3 });
  const many = (of: Arbitrary<unknown>): Arbitrary<unknown> => array(of, { maxLength: 3 });
  return {
    object: object((shape) => `z.object(${shape})`),
    schema: oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      tie("object"),
      object((shape) => `z.strictObject(${shape})`),
      object((shape) => `z.looseObject(${shape})`).map((each) => ({ ...each, intersects: true })),
      object((shape) => `z.object(${shape}).catchall(z.unknown())`).map((each) => ({ ...each, intersects: true })),
      wrap((source) => `z.array(${source})`, many),
      wrap((source) => `z.array(${source}).min(1).max(2)`, many),
      wrap((source) => `${source}.optional()`),
      wrap(
        (source) => `${source}.nullable()`,
        (value) => oneof(value, constant(null)),
      ),
      wrap(
        (source) => `${source}.nullish()`,
        (value) => oneof(value, constant(null)),
      ),
      wrap((source) => `${source}.default(null as never)`),
      // What comes of null, which may not fit, only zod knows.
      wrap((source) => `${source}.prefault(null as never)`, undefined, { exact: false }),
      wrap((source) => `${source}.catch(null as never)`).map((each) => ({ ...each, lenient: true })),
      // A default inside still makes a missing value pass.
      wrap((source) => `${source}.nonoptional()`, undefined, { exact: false }),
      wrap((source) => `${source}.exactOptional()`, undefined, { exact: false }),
      wrap((source) => `z.lazy(() => ${source})`),
      wrap((source) => `${source}.readonly()`),
      wrap((source) => `${source}.pipe(z.any())`),
      wrap((source) => `z.array(${source}).readonly()`, many),
      wrap(
        (source) => `z.record(z.string(), ${source})`,
        (value) => dictionary(string({ maxLength: 3 }), value, { maxKeys: 3, noNullPrototype: true }),
      ),
      wrap(
        (source) => `z.record(z.enum(["k", "l"]), ${source})`,
        (value) => record({ k: value, l: value }).map((each) => ({ ...each })),
      ),
      wrap(
        (source) => `z.partialRecord(z.enum(["k", "l"]), ${source})`,
        (value) => record({ k: value, l: value }, { requiredKeys: [] }).map((each) => ({ ...each })),
      ),
      wrap(
        (source) => `z.set(${source})`,
        (value) => many(value).map((list) => new Set(list as readonly unknown[])),
        { exact: false },
      ),
      wrap((source) => `${source}.partial()`, undefined, { of: tie("object") }),
      wrap((source) => `${source}.required()`, undefined, { of: tie("object"), exact: false }),
      some.map((parts) => ({
        source: `z.tuple([${parts.map(({ source }) => source).join(", ")}])`,
        ...all(parts),
        value: tuple(...parts.map(({ value }) => value)),
      })),
      array(inner, { minLength: 2, maxLength: 3 }).map(([rest, ...items]) => ({
        source: `z.tuple([${items.map(({ source }) => source).join(", ")}], ${rest?.source})`,
        ...all(rest === undefined ? items : [...items, rest]),
        value: tuple(tuple(...items.map(({ value }) => value)), many(rest?.value ?? constant(null))).map(([head, tail]) => [
          ...head,
          ...(tail as readonly unknown[]),
        ]),
      })),
      some.map((parts) => ({
        source: `z.union([${parts.map(({ source }) => source).join(", ")}])`,
        ...all(parts),
        lenient: all(parts).lenient || takesInstances(parts),
        value: oneof(...parts.map(({ value }) => value)),
      })),
      tuple(entries, entries).map(([a, b]) => ({
        source: `z.discriminatedUnion("kind", [z.object({ ...${sourceOf(a)}, kind: z.literal("a") }), z.object({ ...${sourceOf(b)}, kind: z.literal("b") })])`,
        ...all([...a, ...b].map(([, each]) => each)),
        value: oneof(
          objectOf([...a, ["kind", { value: constant("a") }]]),
          objectOf([...b, ["kind", { value: constantFrom("b", "c") }]]),
        ),
      })),
      tuple(inner, inner).map(([a, b]) => ({
        source: `z.map(${a.source}, ${b.source})`,
        ...all([a, b]),
        exact: false,
        value: array(tuple(a.value, b.value), { maxLength: 2 }).map((pairs) => new Map(pairs)),
      })),
      // Of different keys: zod throws where the two make different values of one.
      tuple(entries, entries).map(([left, right]) => {
        const others = right.map(([name, each]) => [`${name}2`, each] as const);
        return {
          source: `z.intersection(z.object(${sourceOf(left)}), z.object(${sourceOf(others)}))`,
          ...all([...left, ...right].map(([, each]) => each)),
          intersects: true,
          value: objectOf([...left, ...others]),
        };
      }),
    ),
  };
}).schema;
