import type { Comparison } from "./support/tsc.ts";

/**
 * Schemas as one would write them, and the types that generated code shows for them: what goes in, and, where
 * that differs, what comes out. `compare` marks the few whose printed form isn't the identical type for the
 * compiler.
 */
export interface TypeRow {
  readonly schema: string;
  readonly input: string;
  readonly output?: string;
  readonly compare?: Comparison;
}

const primitives: readonly TypeRow[] = [
  { schema: "z.string()", input: "string" },
  { schema: "z.string().min(1).max(5).regex(/a/).trim().toLowerCase()", input: "string" },
  { schema: "z.email()", input: "string" },
  { schema: "z.uuid()", input: "string" },
  { schema: "z.url()", input: "string" },
  { schema: "z.iso.datetime()", input: "string" },
  { schema: "z.iso.date()", input: "string" },
  { schema: "z.base64()", input: "string" },
  { schema: "z.stringFormat('x', /x/)", input: "string" },
  { schema: "z.number()", input: "number" },
  { schema: "z.number().int().positive().multipleOf(2)", input: "number" },
  { schema: "z.int()", input: "number" },
  { schema: "z.int32()", input: "number" },
  { schema: "z.float64()", input: "number" },
  { schema: "z.nan()", input: "number" },
  { schema: "z.bigint()", input: "bigint" },
  { schema: "z.int64()", input: "bigint" },
  { schema: "z.boolean()", input: "boolean" },
  { schema: "z.union([z.number(), z.nan()])", input: "number" },
  { schema: "z.date()", input: "Date" },
  { schema: "z.null()", input: "null" },
  { schema: "z.undefined()", input: "undefined" },
  { schema: "z.void()", input: "void" },
  { schema: "z.unknown()", input: "unknown" },
  { schema: "z.any()", input: "any" },
  { schema: "z.coerce.number()", input: "unknown", output: "number" },
  { schema: "z.coerce.string()", input: "unknown", output: "string" },
  { schema: "z.coerce.date()", input: "unknown", output: "Date" },
  { schema: "z.coerce.bigint()", input: "unknown", output: "bigint" },
  { schema: "z.coerce.boolean()", input: "unknown", output: "boolean" },
  { schema: "z.stringbool()", input: "string", output: "boolean" },
];

const literals: readonly TypeRow[] = [
  { schema: "z.literal('a')", input: '"a"' },
  { schema: "z.literal(['a', 'b\"\\n'])", input: '"a" | "b\\"\\n"' },
  { schema: "z.literal([1, -2, 2.5])", input: "1 | -2 | 2.5" },
  { schema: "z.literal(true)", input: "true" },
  { schema: "z.literal(7n)", input: "7n" },
  { schema: "z.literal(null)", input: "null" },
  { schema: "z.literal([undefined, 'x', null])", input: '"x" | null | undefined' },
  { schema: "z.enum(['a', 'b'])", input: '"a" | "b"' },
  { schema: "z.enum({ Low: 1, High: 2 })", input: "1 | 2" },
  { schema: "z.enum({ Low: 'low', High: 'high' }).exclude(['High'])", input: '"low"' },
  { schema: "z.enum(['a', 'b', 'c']).extract(['a', 'c'])", input: '"a" | "c"' },
  { schema: "z.templateLiteral(['v', z.number(), '-', z.enum(['a', 'b'])])", input: '`v${number}-${"a" | "b"}`' },
  { schema: "z.templateLiteral(['`${', z.string(), '\\\\'])", input: "`\\`\\${${string}\\\\`" },
  { schema: "z.templateLiteral(['a', z.string().optional()])", input: '`a${string | ""}`' },
  { schema: "z.templateLiteral(['only ', 'text'])", input: '"only text"' },
  { schema: "z.templateLiteral([z.literal(['x', 'y']), null])", input: '`${"x" | "y"}null`' },
];

const wrappers: readonly TypeRow[] = [
  { schema: "z.string().optional()", input: "string | undefined" },
  { schema: "z.string().nullable()", input: "string | null" },
  { schema: "z.string().nullish()", input: "string | null | undefined" },
  { schema: "z.string().optional().optional()", input: "string | undefined" },
  { schema: "z.string().default('a')", input: "string | undefined", output: "string" },
  { schema: "z.string().optional().default('a')", input: "string | undefined", output: "string" },
  { schema: "z.string().nullable().default(null)", input: "string | null | undefined", output: "string | null" },
  { schema: "z.string().default('a').optional()", input: "string | undefined" },
  { schema: "z.string().prefault('a')", input: "string | undefined", output: "string" },
  { schema: "z.string().optional().prefault('a')", input: "string | undefined" },
  { schema: "z.string().optional().nonoptional()", input: "string" },
  { schema: "z.string().catch('a')", input: "string" },
  { schema: "z.string().optional().catch('a')", input: "string | undefined" },
  { schema: "z.string().exactOptional()", input: "string" },
  { schema: "z.array(z.string()).readonly()", input: "readonly string[]" },
  { schema: "z.array(z.string().nullable()).readonly()", input: "readonly (string | null)[]" },
  { schema: "z.tuple([z.string(), z.number()]).readonly()", input: "readonly [string, number]" },
  { schema: "z.map(z.string(), z.date()).readonly()", input: "ReadonlyMap<string, Date>" },
  { schema: "z.set(z.string()).readonly()", input: "ReadonlySet<string>" },
  { schema: "z.object({ a: z.string() }).readonly()", input: "{ readonly a: string }" },
  { schema: "z.record(z.string(), z.number()).readonly()", input: "{ readonly [key: string]: number }" },
  { schema: "z.date().readonly()", input: "Date" },
  { schema: "z.unknown().readonly()", input: "Readonly<unknown>" },
  { schema: "z.tuple([z.string().optional()]).readonly()", input: "readonly (string | undefined)[]" },
  { schema: "z.tuple([z.string().exactOptional()]).readonly()", input: "readonly (string | undefined)[]" },
  {
    schema: "z.tuple([z.string().exactOptional(), z.int().exactOptional()], z.date()).readonly()",
    input: "readonly (string | number | Date | undefined)[]",
  },
  { schema: "z.tuple([z.string(), z.int().exactOptional()]).readonly()", input: "readonly [string, number?]" },
  { schema: "z.string().readonly()", input: "string" },
  { schema: "z.union([z.array(z.string()), z.set(z.number())]).readonly()", input: "readonly string[] | ReadonlySet<number>" },
  { schema: "z.lazy(() => z.string())", input: "string" },
  { schema: "z.string().pipe(z.enum(['a', 'b']))", input: "string", output: '"a" | "b"' },
  {
    schema: "z.codec(z.iso.datetime(), z.date(), { decode: (s) => new Date(s), encode: (d) => d.toISOString() })",
    input: "string",
    output: "Date",
  },
  { schema: "z.success(z.string())", input: "string", output: "boolean" },
  {
    schema: "z.string().refine((s) => s.length > 1).superRefine(() => {}).describe('text').meta({ title: 'T' })",
    input: "string",
  },
];

const collections: readonly TypeRow[] = [
  { schema: "z.array(z.string())", input: "string[]" },
  { schema: "z.string().array().array()", input: "string[][]" },
  { schema: "z.array(z.string().optional())", input: "(string | undefined)[]" },
  { schema: "z.array(z.array(z.string()).readonly())", input: "(readonly string[])[]" },
  { schema: "z.array(z.string()).nonempty()", input: "string[]" },
  { schema: "z.tuple([])", input: "[]" },
  { schema: "z.tuple([z.string(), z.number()])", input: "[string, number]" },
  { schema: "z.tuple([z.string()], z.number().nullable())", input: "[string, ...(number | null)[]]" },
  { schema: "z.tuple([z.string(), z.number().optional()])", input: "[string, (number | undefined)?]" },
  {
    schema: "z.tuple([z.string(), z.number().default(1)])",
    input: "[string, (number | undefined)?]",
    output: "[string, number]",
  },
  { schema: "z.tuple([z.string().optional(), z.number()])", input: "[string | undefined, number]" },
  { schema: "z.record(z.string(), z.number())", input: "{ [key: string]: number }" },
  { schema: "z.record(z.number(), z.string())", input: "{ [key: number]: string }" },
  { schema: "z.record(z.enum(['a', 'b']), z.number())", input: '{ [K in "a" | "b"]: number }' },
  { schema: "z.partialRecord(z.enum(['a', 'b']), z.number())", input: '{ [K in "a" | "b"]?: number }' },
  { schema: "z.looseRecord(z.string(), z.number())", input: "{ [key: string]: number }" },
  {
    schema: "z.record(z.enum(['a', 'b']), z.number().optional())",
    input: '{ [K in "a" | "b"]?: number | undefined }',
    output: '{ [K in "a" | "b"]: number | undefined }',
  },
  { schema: "z.record(z.string(), z.number().optional())", input: "{ [key: string]: number | undefined }" },
  {
    schema: "z.record(z.string(), z.string().default('a'))",
    input: "{ [key: string]: string | undefined }",
    output: "{ [key: string]: string }",
  },
  { schema: "z.record(z.templateLiteral(['x-', z.string()]), z.number())", input: "{ [K in `x-${string}`]: number }" },
  { schema: "z.map(z.string(), z.set(z.bigint()))", input: "Map<string, Set<bigint>>" },
  { schema: "z.map(z.string(), z.number().default(0))", input: "Map<string, number | undefined>", output: "Map<string, number>" },
  // Of any buffer, so that a Buffer can be passed, and so that TypeScript before 5.7 understands it.
  { schema: "z.instanceof(Uint8Array)", input: "Uint8Array", compare: "assignable" },
  { schema: "z.instanceof(RegExp)", input: "RegExp" },
];

const objects: readonly TypeRow[] = [
  { schema: "z.object({ a: z.string(), b: z.number().optional() })", input: "{ a: string; b?: number | undefined }" },
  { schema: "z.object({})", input: "{ [key: string]: never }" },
  { schema: "z.strictObject({ a: z.string() })", input: "{ a: string }" },
  { schema: "z.strictObject({})", input: "{ [key: string]: never }" },
  { schema: "z.looseObject({})", input: "{ [key: string]: unknown }" },
  { schema: "z.looseObject({ a: z.string() })", input: "{ a: string } & { [key: string]: unknown }", compare: "mutual" },
  {
    schema: "z.object({ a: z.string() }).catchall(z.string())",
    input: "{ a: string } & { [key: string]: string }",
    compare: "mutual",
  },
  { schema: "z.object({ a: z.string().default('x') })", input: "{ a?: string | undefined }", output: "{ a: string }" },
  { schema: "z.object({ a: z.string().exactOptional() })", input: "{ a?: string }" },
  { schema: "z.object({ a: z.string().nullish() })", input: "{ a?: string | null | undefined }" },
  { schema: "z.object({ a: z.string().catch('x') })", input: "{ a: string }" },
  { schema: "z.object({ a: z.undefined(), b: z.unknown(), c: z.any() })", input: "{ a: undefined; b: unknown; c: any }" },
  { schema: "z.object({ a: z.string().or(z.undefined()) })", input: "{ a: string | undefined }" },
  { schema: "z.object({ a: z.union([z.string(), z.number().optional()]) })", input: "{ a?: string | number | undefined }" },
  { schema: "z.object({ a: z.string().optional().readonly() })", input: "{ a?: string | undefined }" },
  { schema: "z.object({ a: z.string().optional().nonoptional() })", input: "{ a: string }" },
  {
    schema: "z.object({ a: z.string().default('x').pipe(z.string()) })",
    input: "{ a?: string | undefined }",
    output: "{ a: string }",
  },
  { schema: "z.object({ a: z.lazy(() => z.string().optional()) })", input: "{ a?: string | undefined }" },
  {
    schema: "z.object({ 'content-type': z.string(), 1: z.number(), __proto__x: z.null() })",
    input: '{ "1": number; "content-type": string; __proto__x: null }',
  },
  { schema: "z.object({ a: z.object({ b: z.object({ c: z.date() }) }) })", input: "{ a: { b: { c: Date } } }" },
  { schema: "z.object({ a: z.string(), b: z.string() }).partial()", input: "{ a?: string | undefined; b?: string | undefined }" },
  { schema: "z.object({ a: z.string().optional() }).required()", input: "{ a: string }" },
  {
    schema: "z.object({ a: z.string(), b: z.string() }).omit({ b: true }).extend({ c: z.null() })",
    input: "{ a: string; c: null }",
  },
];

const combinations: readonly TypeRow[] = [
  { schema: "z.union([z.string(), z.number(), z.null()])", input: "string | number | null" },
  { schema: "z.union([z.string(), z.union([z.number(), z.string()])])", input: "string | number" },
  {
    schema: "z.union([z.object({ a: z.string() }), z.object({ b: z.number().default(1) })])",
    input: "{ a: string } | { b?: number | undefined }",
    output: "{ a: string } | { b: number }",
  },
  {
    schema: "z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b'), n: z.number() })])",
    input: '{ k: "a" } | { k: "b"; n: number }',
  },
  { schema: "z.xor([z.string(), z.number()])", input: "string | number" },
  { schema: "z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() }))", input: "{ a: string } & { b: number }" },
  {
    schema: "z.array(z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() })))",
    input: "({ a: string } & { b: number })[]",
  },
  {
    schema: "z.intersection(z.union([z.string(), z.number()]), z.string())",
    input: "(string | number) & string",
    compare: "mutual",
  },
  { schema: "z.union([z.boolean(), z.literal(true)])", input: "boolean | true" },
  { schema: "z.union([z.string(), z.unknown()])", input: "unknown" },
  { schema: "z.record(z.string(), z.never())", input: "{ [key: string]: never }" },
];

export const typeRows: readonly TypeRow[] = [
  ...primitives,
  ...literals,
  ...wrappers,
  ...collections,
  ...objects,
  ...combinations,
];
