/** A change of a contract, and all that it breaks. */
export interface Change {
  readonly what: string;
  /** Tasks, or a whole module where it begins with `export`. */
  readonly before: string;
  readonly after: string;
  /** `<rule> <categories> <place>`, in any order; nothing for a safe change. */
  readonly finds: readonly string[];
}

const both = "SOURCE+WIRE";

/** `run: task({ … })` in two versions. */
function task(what: string, before: string, after: string, ...finds: readonly string[]): Change {
  return { what, before: `run: task({ ${before} }),`, after: `run: task({ ${after} }),`, finds };
}

/** One parameter in two versions. */
function param(what: string, before: string, after: string, ...finds: readonly string[]): Change {
  return task(what, `params: { value: ${before} }`, `params: { value: ${after} }`, ...finds);
}

/** The result in two versions. */
function result(what: string, before: string, after: string, ...finds: readonly string[]): Change {
  return task(what, `returns: ${before}`, `returns: ${after}`, ...finds);
}

/** The contract's options in two versions, around one task. */
function options(what: string, before: string, after: string, ...finds: readonly string[]): Change {
  const module = (text: string): string => `export const c = contract("c", { ${text} tasks: { run: task({}) } });`;
  return { what, before: module(before), after: module(after), finds };
}

const tasks: readonly Change[] = [
  { what: "a new task", before: "run: task({}),", after: "run: task({}), more: task({}),", finds: [] },
  {
    what: "a removed task",
    before: "run: task({}), more: task({}),",
    after: "run: task({}),",
    finds: [`task-removed ${both} c.more`],
  },
  {
    what: "tasks in another order",
    before: "run: task({}), more: task({}),",
    after: "more: task({}), run: task({}),",
    finds: [],
  },
  {
    what: "another key, the same wire name",
    before: "run: task({}),",
    after: 'go: task({ name: "c.run" }),',
    finds: ["task-renamed SOURCE c.go"],
  },
  { what: "another key and wire name", before: "run: task({}),", after: "go: task({}),", finds: [`task-removed ${both} c.run`] },
  task("another wire name", "", 'name: "legacy.run"', "wire-name-changed WIRE c.run"),
  { what: "a comment", before: "/** Old. */ run: task({}),", after: "/** New. */ run: task({}),", finds: [] },
  { what: "@deprecated", before: "run: task({}),", after: "/** @deprecated use another */ run: task({}),", finds: [] },
];

const params: readonly Change[] = [
  task("an optional parameter at the end", "params: { a: z.string() }", "params: { a: z.string(), b: z.number().optional() }"),
  task(
    "a parameter with a default at the end",
    "params: { a: z.string() }",
    "params: { a: z.string(), b: z.number().default(1) }",
  ),
  task(
    "a required parameter at the end",
    "params: { a: z.string() }",
    "params: { a: z.string(), b: z.number() }",
    `param-added-required ${both} c.run.b`,
  ),
  task("a first parameter", "", "params: { a: z.string() }", `param-added-required ${both} c.run.a`),
  task(
    "a parameter in between",
    "params: { a: z.string(), c: z.string() }",
    "params: { a: z.string(), b: z.string(), c: z.string() }",
    `param-inserted ${both} c.run.b`,
  ),
  task(
    "a parameter before all others",
    "params: { b: z.string() }",
    "params: { a: z.number(), b: z.string() }",
    `param-inserted ${both} c.run.a`,
  ),
  task(
    "the last parameter removed",
    "params: { a: z.string(), b: z.string() }",
    "params: { a: z.string() }",
    `param-removed ${both} c.run.b`,
  ),
  task(
    "the first parameter removed",
    "params: { a: z.string(), b: z.number() }",
    "params: { b: z.number() }",
    `param-removed ${both} c.run.a`,
  ),
  task(
    "parameters of different types in another order",
    "params: { a: z.string(), b: z.number() }",
    "params: { b: z.number(), a: z.string() }",
    `params-reordered ${both} c.run`,
  ),
  task(
    "parameters of one type in another order, which no compiler sees",
    "params: { from: z.string(), to: z.string() }",
    "params: { to: z.string(), from: z.string() }",
    "params-reordered WIRE c.run",
  ),
  task("a renamed parameter", "params: { path: z.string() }", "params: { file: z.string() }", `param-renamed ${both} c.run.file`),
  task(
    "a renamed parameter of another type",
    "params: { path: z.string() }",
    "params: { file: z.number() }",
    `param-renamed ${both} c.run.file`,
    `param-narrowed ${both} c.run.file`,
  ),
  task(
    "a parameter that was optional",
    "params: { a: z.string().optional() }",
    "params: { a: z.string() }",
    `param-made-required ${both} c.run.a`,
  ),
  task("a parameter that is optional now", "params: { a: z.string() }", "params: { a: z.string().optional() }"),
  param("another default", "z.number().default(1)", "z.number().default(2)", "param-default-changed WIRE c.run.value"),
  param(
    "a default where undefined was",
    "z.number().optional()",
    "z.number().default(2)",
    "param-default-changed WIRE c.run.value",
  ),
  param("a string of a least length", "z.string()", "z.string().min(1)", "param-narrowed WIRE c.run.value"),
  param("a string of a smaller least length", "z.string().min(5)", "z.string().min(1)"),
  param("a smaller set", "z.set(z.string())", "z.set(z.string()).max(5)", "param-narrowed WIRE c.run.value"),
  param("a larger set", "z.set(z.string()).max(5)", "z.set(z.string()).max(6)"),
  param(
    "a map with something in it",
    "z.map(z.string(), z.int())",
    "z.map(z.string(), z.int()).min(1)",
    "param-narrowed WIRE c.run.value",
  ),
  param("a shorter array", "z.array(z.string()).max(10)", "z.array(z.string()).max(5)", "param-narrowed WIRE c.run.value"),
  param("a narrower range", "z.number().min(0).max(10)", "z.number().gt(0).max(10)", "param-narrowed WIRE c.run.value"),
  param("a wider range", "z.number().gt(0).max(10)", "z.number().min(0).max(20)"),
  param("whole numbers only", "z.number()", "z.number().int()", "param-narrowed WIRE c.run.value"),
  param("fractions, too", "z.number().int()", "z.number()"),
  param("a format", "z.string()", "z.email()", "param-narrowed WIRE c.run.value"),
  param("another format", "z.uuid()", "z.email()", "param-narrowed WIRE c.run.value"),
  param("another pattern", "z.string().regex(/^[ab]/)", "z.string().regex(/^a/)", "param-narrowed WIRE c.run.value"),
  param("a pattern that may be wider", "z.string().regex(/^a/)", "z.string().regex(/^[ab]/)", "schema-unclear WIRE c.run.value"),
  param("a pattern's flags", "z.string().regex(/^a/i)", "z.string().regex(/^a/)", "param-narrowed WIRE c.run.value"),
  param("a member less", 'z.enum(["a", "b"])', 'z.enum(["a"])', `param-narrowed ${both} c.run.value`),
  param("a member more", 'z.enum(["a"])', 'z.enum(["a", "b"])'),
  param("an enum where any string was", "z.string()", 'z.enum(["a"])', `param-narrowed ${both} c.run.value`),
  param("any string where an enum was", 'z.enum(["a"])', "z.string()"),
  param("another type", "z.string()", "z.number()", `param-narrowed ${both} c.run.value`),
  param("null, too", "z.string()", "z.string().nullable()"),
  param("null no more", "z.string().nullable()", "z.string()", `param-narrowed ${both} c.run.value`),
  param("a Date where its text was", "z.string()", "z.date()", `param-narrowed ${both} c.run.value`),
  param("text where a Date was", "z.date()", "z.string()", `param-narrowed ${both} c.run.value`),
  param("a number where a bigint was", "z.bigint()", "z.number()", `param-narrowed ${both} c.run.value`),
  param("a Set where an array was", "z.array(z.string())", "z.set(z.string())", "param-narrowed SOURCE c.run.value"),
  param(
    "a Map where a record was",
    "z.record(z.string(), z.int())",
    "z.map(z.string(), z.int())",
    "param-narrowed SOURCE c.run.value",
  ),
  param("a Date where an ISO string was", "z.iso.datetime()", "z.date()", "param-narrowed SOURCE c.run.value"),
  param("a bigint where an integer was", "z.int()", "z.bigint()", "param-narrowed SOURCE c.run.value"),
  param("a bigint where any number was", "z.number()", "z.bigint()", `param-narrowed ${both} c.run.value`),
  param("nothing where null was", "z.string().nullable()", "z.string().optional()", "param-narrowed SOURCE c.run.value"),
  param("anything", "z.object({ a: z.string() })", "z.unknown()"),
  param("something where anything was", "z.unknown()", "z.object({ a: z.string() })", `param-narrowed ${both} c.run.value`),
  param(
    "a required key",
    "z.object({ a: z.string() })",
    "z.object({ a: z.string(), b: z.string() })",
    `param-narrowed ${both} c.run.value.b`,
  ),
  param("an optional key", "z.object({ a: z.string() })", "z.object({ a: z.string(), b: z.string().optional() })"),
  param("a key with a default", "z.object({ a: z.string() })", 'z.object({ a: z.string(), b: z.string().default("") })'),
  param(
    "a key that nobody reads",
    "z.object({ a: z.string(), b: z.string().optional() })",
    "z.object({ a: z.string() })",
    `param-key-ignored ${both} c.run.value.b`,
  ),
  param(
    "a strict object",
    "z.object({ a: z.string() })",
    "z.strictObject({ a: z.string() })",
    "param-narrowed WIRE c.run.value{}",
  ),
  param("an object that is strict no more", "z.strictObject({ a: z.string() })", "z.object({ a: z.string() })"),
  param(
    "a deep key narrowed",
    "z.object({ a: z.array(z.object({ b: z.string() })) })",
    "z.object({ a: z.array(z.object({ b: z.string().max(9) })) })",
    "param-narrowed WIRE c.run.value.a[].b",
  ),
  param(
    "a record's values",
    "z.record(z.string(), z.number())",
    "z.record(z.string(), z.string())",
    `param-narrowed ${both} c.run.value{}`,
  ),
  param(
    "an object where a record was",
    "z.record(z.string(), z.number())",
    "z.object({ a: z.number().optional() })",
    `param-key-ignored ${both} c.run.value{}`,
  ),
  param("a longer tuple", "z.tuple([z.string()])", "z.tuple([z.string(), z.number()])", `param-narrowed ${both} c.run.value`),
  param("a tuple with an optional end", "z.tuple([z.string()])", "z.tuple([z.string(), z.number().optional()])"),
  param("a union's member less", "z.union([z.string(), z.number()])", "z.string()", `param-narrowed ${both} c.run.value`),
  param("a union's member more", "z.string()", "z.union([z.string(), z.number()])"),
  param(
    "a discriminated union's member more",
    'z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), x: z.string() })])',
    'z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), x: z.string() }), z.object({ kind: z.literal("b") })])',
  ),
  param(
    "a discriminated union's member narrowed",
    'z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), x: z.string() }), z.object({ kind: z.literal("b") })])',
    'z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), x: z.number() }), z.object({ kind: z.literal("b") })])',
    `param-narrowed ${both} c.run.value.x`,
  ),
  param(
    "a discriminated union where an object with an enum was",
    'z.object({ kind: z.enum(["a", "b"]), x: z.string() })',
    'z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), x: z.string() }), z.object({ kind: z.literal("b"), x: z.string() })])',
  ),
];

/** What JSON Schema has no keyword for, and what stands deeper in a schema. */
const facts: readonly Change[] = [
  param(
    "another default of a key",
    "z.object({ strict: z.boolean().default(false) })",
    "z.object({ strict: z.boolean().default(true) })",
    "param-default-changed WIRE c.run.value.strict",
  ),
  param(
    "a default of a key where nothing was",
    "z.object({ a: z.array(z.object({ b: z.number().optional() })) })",
    "z.object({ a: z.array(z.object({ b: z.number().default(1) })) })",
    "param-default-changed WIRE c.run.value.a[].b",
  ),
  param(
    "another default that JSON can't say",
    'z.object({ a: z.map(z.string(), z.int()).default(new Map([["a", 1]])) })',
    'z.object({ a: z.map(z.string(), z.int()).default(new Map([["a", 2]])) })',
    "param-default-changed WIRE c.run.value.a",
  ),
  param("a bound of a Date", "z.date()", 'z.date().min(new Date("2020-01-01"))', "param-narrowed WIRE c.run.value"),
  param("a later last Date", 'z.date().max(new Date("2020-01-01"))', 'z.date().max(new Date("2021-01-01"))'),
  param("a bound of a bigint", "z.bigint()", "z.bigint().min(5n)", "param-narrowed WIRE c.run.value"),
  param("a smaller bound of a bigint", "z.bigint().min(5n)", "z.bigint().gte(-5n)"),
  param("multiples of a bigint", "z.bigint().multipleOf(3n)", "z.bigint().multipleOf(6n)", "param-narrowed WIRE c.run.value"),
  param("64 bits of a bigint", "z.bigint()", "z.int64()", "param-narrowed WIRE c.run.value"),
  param("an option of a format", "z.url()", "z.url({ protocol: /^https$/ })", "param-narrowed WIRE c.run.value"),
  param("an option of a format less", "z.url({ protocol: /^https$/ })", "z.url()"),
  param("another option of a format", "z.url({ hostname: /a/ })", "z.url({ hostname: /b/ })", "schema-unclear WIRE c.run.value"),
  param("a jwt's algorithm", "z.jwt()", 'z.jwt({ alg: "HS256" })', "param-narrowed WIRE c.run.value"),
  param("stringbool where any string was", "z.string()", "z.stringbool()", "param-narrowed WIRE c.run.value"),
  param("another stringbool", "z.stringbool()", 'z.stringbool({ truthy: ["yes"] })', "schema-unclear WIRE c.run.value"),
  param("no catch any more", "z.number().catch(0)", "z.number()", "param-narrowed WIRE c.run.value"),
  param("a catch", "z.number()", "z.number().catch(0)"),
  param("another catch", "z.number().catch(0)", "z.number().catch(1)", "param-default-changed WIRE c.run.value"),
  param("a new refinement", "z.string()", "z.string().refine((v) => v.length < 5)", "param-narrowed WIRE c.run.value"),
  param("a refinement less", "z.string().refine((v) => v.length < 5)", "z.string()"),
  param(
    "another refinement",
    "z.string().refine((v) => v.length < 5)",
    "z.string().refine((v) => v.length < 6)",
    "schema-unclear WIRE c.run.value",
  ),
  {
    what: "another constant that a refinement sees",
    before:
      'export const most = 5;\nexport const c = contract("c", { tasks: { run: task({ params: { value: z.string().refine((v) => v.length < most) } }) } });',
    after:
      'export const most = 6;\nexport const c = contract("c", { tasks: { run: task({ params: { value: z.string().refine((v) => v.length < most) } }) } });',
    finds: ["schema-unclear WIRE c.run.value"],
  },
  param(
    "another superRefine",
    'z.string().superRefine((v, ctx) => { if (v === "a") ctx.addIssue("no"); })',
    'z.string().superRefine((v, ctx) => { if (v === "b") ctx.addIssue("no"); })',
    "schema-unclear WIRE c.run.value",
  ),
  param("another order of checks", "z.string().min(1).trim()", "z.string().trim().min(1)", "schema-unclear WIRE c.run.value"),
  param("less of a trimmed string", "z.string().trim().max(5)", "z.string().trim().max(4)", "param-narrowed WIRE c.run.value"),
  param("another normal form", 'z.string().normalize("NFC")', 'z.string().normalize("NFD")', "schema-unclear WIRE c.run.value"),
  param("a transform", "z.string()", "z.string().transform((v) => v.length)", "schema-unclear WIRE c.run.value"),
  param(
    "another bound behind a transform",
    "z.string().transform((v) => v.length).pipe(z.number().min(1))",
    "z.string().transform((v) => v.length).pipe(z.number().min(2))",
    "schema-unclear WIRE c.run.value",
  ),
  param("coercion", "z.number()", "z.coerce.number()"),
  param("coercion of what can't always be coerced", "z.string()", "z.coerce.number()", "schema-unclear WIRE c.run.value"),
  param("no coercion any more", "z.coerce.number()", "z.number()", `param-narrowed ${both} c.run.value`),
  param("a bound behind coercion", "z.coerce.number()", "z.coerce.number().min(1)", "param-narrowed WIRE c.run.value"),
  param("holes in an array", "z.array(z.string().optional())", "z.array(z.string())", `param-narrowed ${both} c.run.value[]`),
  param("JSON only", "z.unknown()", "z.json()", "param-narrowed WIRE c.run.value"),
  param(
    "a record's other keys",
    "z.looseRecord(z.string().max(1), z.int())",
    "z.record(z.string().max(1), z.int())",
    "param-narrowed WIRE c.run.value",
  ),
  param(
    "another member of a union first",
    "z.union([z.object({ a: z.string(), b: z.string() }), z.object({ a: z.string() })])",
    "z.union([z.object({ a: z.string() }), z.object({ a: z.string(), b: z.string() })])",
    "schema-unclear WIRE c.run.value",
  ),
  result(
    "a key that an older caller fills in",
    'z.object({ a: z.string().default("") })',
    "z.object({ a: z.string().optional() })",
    "result-widened SOURCE c.run.returns.a",
  ),
  result(
    "a value that an older caller catches",
    'z.enum(["a"]).catch("a")',
    'z.enum(["a", "b"]).catch("a")',
    "result-widened SOURCE c.run.returns",
  ),
  result(
    "null, where an older caller expects perhaps nothing",
    "z.string().optional()",
    "z.string().nullable()",
    "result-widened SOURCE c.run.returns",
  ),
  result("an ISO string where a Date was", "z.date()", "z.iso.datetime()", "result-widened SOURCE c.run.returns"),
  result(
    "a bound of a result's Date less",
    'z.date().min(new Date("2020-01-01"))',
    "z.date()",
    "result-widened WIRE c.run.returns",
  ),
  task(
    "error data that is transformed",
    "errors: { Bad: z.object({ line: z.string() }) }",
    "errors: { Bad: z.object({ line: z.string().transform(Number) }) }",
    "schema-unclear WIRE c.run.Bad.line",
  ),
];

const recursive = (key: string): string => `
export const Node = z.object({ ${key}, get next() { return Node.optional(); } });
export const c = contract("c", { tasks: { run: task({ params: { value: Node } }) } });`;

const named = (name: string, doc: string): string => `
/** ${doc} */
export const ${name} = z.object({ a: z.string() });
export const c = contract("c", { tasks: { run: task({ params: { value: ${name} }, returns: ${name} }) } });`;

const schemas: readonly Change[] = [
  { what: "a recursive schema as it was", before: recursive("a: z.string()"), after: recursive("a: z.string()"), finds: [] },
  {
    what: "a recursive schema with a longer chain of types",
    before: recursive("a: z.string()"),
    after: recursive("a: z.number()"),
    finds: [`param-narrowed ${both} c.run.value.a`],
  },
  { what: "a named schema's name", before: named("Old", "x"), after: named("New", "x"), finds: ["type-removed SOURCE c.Old"] },
  { what: "a named schema's comment", before: named("Old", "x"), after: named("Old", "y"), finds: [] },
];

const answers: readonly Change[] = [
  result("a result where nothing was", "undefined", "z.string()"),
  task("no result any more", "returns: z.string()", "", `result-removed ${both} c.run.returns`),
  result("a value that older callers don't know", 'z.enum(["a"])', 'z.enum(["a", "b"])', `result-widened ${both} c.run.returns`),
  result("perhaps nothing", "z.string()", "z.string().optional()", `result-widened ${both} c.run.returns`),
  result("perhaps nothing of an object", "z.object({})", "z.object({}).optional()", `result-widened ${both} c.run.returns`),
  result("always something", "z.string().optional()", "z.string()"),
  result("nothing, said otherwise", "z.string().optional()", "z.union([z.string(), z.undefined()])"),
  task(
    "progress that is perhaps nothing",
    "progress: z.number()",
    "progress: z.number().optional()",
    `progress-widened ${both} c.run.progress`,
  ),
  result("fewer values", 'z.enum(["a", "b"])', 'z.enum(["a"])'),
  result("null, too", "z.string()", "z.string().nullable()", `result-widened ${both} c.run.returns`),
  result("a longer string", "z.string().max(5)", "z.string().max(9)", "result-widened WIRE c.run.returns"),
  result("a new key", "z.object({ a: z.string() })", "z.object({ a: z.string(), b: z.string() })"),
  result(
    "a new key in a strict result",
    "z.strictObject({ a: z.string() })",
    "z.strictObject({ a: z.string(), b: z.string() })",
    "result-widened WIRE c.run.returns.b",
  ),
  result(
    "a required key less",
    "z.object({ a: z.string(), b: z.string() })",
    "z.object({ a: z.string() })",
    `key-removed ${both} c.run.returns.b`,
  ),
  result(
    "a key that may be missing now",
    "z.object({ a: z.string() })",
    "z.object({ a: z.string().optional() })",
    `result-widened ${both} c.run.returns.a`,
  ),
  result(
    "an optional key less",
    "z.object({ a: z.string(), b: z.string().optional() })",
    "z.object({ a: z.string() })",
    "key-removed SOURCE c.run.returns.b",
  ),
  result("a default, whose output is the same", "z.object({ a: z.string() })", 'z.object({ a: z.string().default("") })'),
  task("progress where none was", "", "progress: z.number()"),
  task("no progress any more", "progress: z.number()", "", "progress-removed SOURCE c.run.progress"),
  task("other progress", "progress: z.number()", "progress: z.string()", `progress-widened ${both} c.run.progress`),
  task("a new error", "", "errors: { Bad: z.object({ line: z.number() }) }", "error-added SOURCE c.run.Bad"),
  task("an error less", "errors: { Bad: z.object({}) }", "", "error-removed SOURCE c.run.Bad"),
  task(
    "a renamed error",
    "errors: { Bad: z.object({ line: z.number() }) }",
    "errors: { Worse: z.object({ line: z.number() }) }",
    `error-renamed ${both} c.run.Worse`,
  ),
  task(
    "other error data",
    "errors: { Bad: z.object({ line: z.number() }) }",
    "errors: { Bad: z.object({ line: z.string() }) }",
    `error-widened ${both} c.run.Bad.line`,
  ),
];

const delivery: readonly Change[] = [
  options("another queue", "", 'queue: "other",', "queue-moved WIRE c"),
  task("a queue of its own", "", 'queue: "other"', "queue-moved WIRE c.run"),
  options("another kind of queue", "", 'queue: { name: "c", type: "classic" },', "queue-redeclared WIRE c"),
  options(
    "another delivery limit",
    'queue: { name: "c", deliveryLimit: 5 },',
    'queue: { name: "c", deliveryLimit: 6 },',
    "queue-redeclared WIRE c",
  ),
  options(
    "another delivery limit of a classic queue, which the broker doesn't know",
    'queue: { name: "c", type: "classic", deliveryLimit: 5 },',
    'queue: { name: "c", type: "classic", deliveryLimit: 6 },',
  ),
  options(
    "priorities",
    'queue: { name: "c", type: "classic" },',
    'queue: { name: "c", type: "classic", maxPriority: 5 },',
    "queue-redeclared WIRE c",
  ),
  options("a greatest length", "", 'queue: { name: "c", maxLength: 5 },'),
  options("no greatest length any more", 'queue: { name: "c", maxLength: 5 },', "", "queue-moved WIRE c"),
  options(
    "another greatest length",
    'queue: { name: "c", maxLength: 5 },',
    'queue: { name: "c", maxLength: 6 },',
    "queue-redeclared WIRE c",
  ),
  options("another kind of another queue", "", 'queue: { name: "d", type: "classic" },', "queue-moved WIRE c"),
  options("another runtime", 'runtime: "celery",', "", "runtime-changed WIRE c"),
  {
    what: "another priority",
    before:
      'export const c = contract("c", { queue: { name: "c", type: "classic", maxPriority: 9 }, tasks: { run: task({ priority: 1 }) } });',
    after:
      'export const c = contract("c", { queue: { name: "c", type: "classic", maxPriority: 9 }, tasks: { run: task({ priority: 2 }) } });',
    finds: [],
  },
  task("more retries", "retry: { limit: 1 }", "retry: { limit: 2 }"),
  task("a shorter time limit", 'timeLimit: { hard: "40m" }', 'timeLimit: { hard: "20m" }', "time-limit-shortened WIRE c.run"),
  task("a time limit where none was", "", 'timeLimit: { soft: "20m" }', "time-limit-shortened WIRE c.run"),
  task("a longer time limit", 'timeLimit: { hard: "20m" }', 'timeLimit: { hard: "40m" }'),
  task("an earlier expiry", 'expires: "1h"', 'expires: "30m"', "expires-shortened WIRE c.run"),
  task("a later expiry", 'expires: "30m"', 'expires: "1h"'),
  task("fewer retries", "retry: { limit: 5 }", "retry: { limit: 2 }", "retry-reduced WIRE c.run"),
  task("no retries", "retry: { limit: 5 }", "", "retry-reduced WIRE c.run"),
  task(
    "an error that isn't retried any more",
    'errors: { Bad: z.object({}) }, retry: { on: ["Bad"] }',
    "errors: { Bad: z.object({}) }, retry: {}",
    "retry-reduced WIRE c.run",
  ),
  task("early acknowledgement", "", 'ack: "early"', "ack-changed WIRE c.run"),
  task("late acknowledgement", 'ack: "early"', "", "ack-changed WIRE c.run"),
  task("no result is sent", "returns: z.string()", "returns: z.string(), ignoreResult: true", "result-ignored WIRE c.run"),
  task("a result is sent", "returns: z.string(), ignoreResult: true", "returns: z.string()"),
];

const heads: readonly Change[] = [
  {
    what: "another contract name",
    before: 'export const c = contract("c", { tasks: { run: task({}) } });',
    after: 'export const d = contract("d", { tasks: { run: task({}) } });',
    finds: ["contract-renamed SOURCE d", "queue-moved WIRE d", "wire-name-changed WIRE d.run"],
  },
  {
    what: "another contract name, the wire as it was",
    before: 'export const c = contract("c", { tasks: { run: task({}) } });',
    after: 'export const d = contract("d", { queue: "c", tasks: { run: task({ name: "c.run" }) } });',
    finds: ["contract-renamed SOURCE d"],
  },
];

export const changes: readonly Change[] = [...tasks, ...params, ...facts, ...schemas, ...answers, ...delivery, ...heads];
