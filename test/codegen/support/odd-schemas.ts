import { array, constant, constantFrom, oneof, tuple, type Arbitrary } from "fast-check";
import { randomSchema, type RandomSchema } from "./random-schemas.ts";

/** Source of a schema, and values that a handler may return or a caller may pass. */
export type OddSchema = Pick<RandomSchema, "source" | "value">;

/** What schemas may give at run time that JSON can't carry, or that their own second run changes or refuses. */
const leaves: readonly (readonly [source: string, ...values: unknown[]])[] = [
  ["z.void()", undefined],
  ["z.undefined()", undefined],
  ["z.void().nullable()", undefined, null],
  ["z.literal([undefined, 1])", undefined, 1],
  ["z.number().optional().catch(undefined)", 1, "a"],
  ["z.string().optional().nonoptional().catch(undefined as never)", "a", undefined],
  ["z.number().catch(NaN)", 1, "a"],
  ["z.coerce.number().catch(NaN)", "12", "a", null],
  ["z.number().default(Infinity)", undefined, 2],
  ["z.number().default(() => NaN)", undefined, 2],
  ["z.number().overwrite((n) => n / 0)", 1, -1],
  ["z.number().check((ctx) => { ctx.value += 0.5; })", 1],
  ["z.string().overwrite((s) => s.replaceAll('&', '&amp;'))", "a&b", ""],
  ["z.string().check((ctx) => { ctx.value += '!'; })", "a"],
  ["z.string().trim().min(1)", " a "],
  ["z.string().min(1).default('')", undefined, "a"],
  ["z.string().min(1).catch('')", 1, "a"],
  ["z.string().min(1).prefault('a')", undefined, "b"],
  ["z.string().max(2).overwrite((s) => s + s)", "ab"],
  ["z.date().default(new Date(0))", undefined, new Date(1)],
  ["z.date().catch(() => new Date(0))", "2020-01-01T00:00:00Z", new Date(1)],
  ["z.success(z.date())", "2020-01-01T00:00:00Z", new Date(1), 5],
  ["z.success(z.string())", "a", 1],
  ["z.codec(z.date(), z.iso.datetime(), { decode: (d) => d.toISOString(), encode: (s) => new Date(s) })", new Date(0)],
  ["z.codec(z.bigint(), z.string(), { decode: String, encode: BigInt })", 12n],
  ["z.codec(z.set(z.string()), z.array(z.string()), { decode: (s) => [...s], encode: (a) => new Set(a) })", new Set(["a"])],
  ["z.string().transform((s) => s.length * NaN)", "a"],
  ["z.string().transform(() => undefined)", "a"],
  ["z.preprocess((v) => (v === null ? undefined : v), z.string().optional())", null, "a"],
  ["z.preprocess((v) => new Date(v as never), z.date())", "2020-01-01T00:00:00Z", 5],
  ["z.object({ a: z.string() }).pipe(z.object({ a: z.string(), b: z.number().default(1) }))", { a: "x" }],
  [
    "z.union([z.strictObject({ a: z.number(), d: z.number().default(5) }), z.object({ a: z.number() })])",
    { a: 1, b: 2 },
    { a: 1 },
  ],
  ["z.union([z.date(), z.string()])", "2020-01-01T00:00:00Z", new Date(0)],
  ["z.union([z.bigint(), z.number(), z.string()])", "12", 12, 12n],
  ["z.coerce.date()", "2020-01-01T00:00:00Z", 0, new Date(5)],
  ["z.coerce.bigint()", "12", 12, 12n],
  ["z.coerce.string()", 1, null],
  ["z.coerce.boolean()", "", 1],
  ["z.stringbool()", "yes", "off"],
  ["z.unknown()", undefined, Number.NaN, new Date(0), { __type__: "datetime", __value__: "2020-01-01T00:00:00" }, "2020-01-01"],
  ["z.any()", { a: undefined, b: [undefined] }, new Map([[1, Number.NaN]]), -1n],
  ["z.record(z.string(), z.unknown())", { __type__: "base64", __value__: "aGk=" }],
  ["z.custom((v) => typeof v === 'number')", Number.NaN, Number.POSITIVE_INFINITY],
  ["z.object({ a: z.void(), b: z.string().optional() })", { a: undefined, b: undefined }, { a: undefined }],
  ["z.tuple([z.string(), z.undefined()])", ["a", undefined]],
  ["z.array(z.number().catch(NaN))", [1, "a"]],
  ["z.string().default(() => 'b'.repeat(3))", "a", undefined],
  ["z.lazy(() => z.number().catch(NaN))", "a"],
  ["z.number().catch(NaN).readonly()", "a"],
];

const odd: Arbitrary<OddSchema> = oneof(
  ...leaves.map(([source, ...values]) => constant({ source, value: constantFrom(...values) })),
);

const wrappers: readonly ((inner: OddSchema) => OddSchema)[] = [
  (inner) => inner,
  ({ source, value }) => ({ source: `z.array(${source})`, value: array(value, { maxLength: 3 }) }),
  ({ source, value }) => ({ source: `z.object({ a: ${source} })`, value: value.map((a) => ({ a })) }),
  ({ source, value }) => ({ source: `z.tuple([z.string(), ${source}])`, value: value.map((a) => ["x", a]) }),
  ({ source, value }) => ({ source: `z.record(z.string(), ${source})`, value: value.map((a) => ({ "some key": a })) }),
  ({ source, value }) => ({ source: `${source}.optional()`, value: oneof(value, constant(undefined)) }),
  ({ source, value }) => ({ source: `${source}.nullable()`, value: oneof(value, constant(null)) }),
  ({ source, value }) => ({ source: `z.map(z.string(), ${source})`, value: value.map((a) => new Map([["k", a]])) }),
  ({ source, value }) => ({ source: `z.lazy(() => ${source})`, value }),
  ({ source, value }) => ({ source: `z.union([z.object({ none: z.int() }), ${source}])`, value }),
  ({ source, value }) => ({ source: `${source}.pipe(z.any())`, value }),
];

/** Half of them ordinary ones. */
export const oddSchema: Arbitrary<OddSchema> = oneof(
  randomSchema,
  odd,
  tuple(odd, constantFrom(...wrappers), constantFrom(...wrappers)).map(([inner, outer, outermost]) => outermost(outer(inner))),
);
