/** A schema as a tree, so that one thing in it can be changed. */
export interface Tree {
  /** The schema's source; `$0`, `$1`, … stand for the parts. */
  readonly source: string;
  readonly parts: readonly Tree[];
  readonly family: string;
  readonly values: (parts: readonly (readonly unknown[])[], random: Random) => readonly unknown[];
}

/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function sourceOf({ source, parts }: Tree): string {
  return source.replaceAll(/\$(\d)/g, (_, index) => sourceOf(parts[Number(index)] as Tree));
}

export function valuesOf({ parts, values }: Tree, random: Random): readonly unknown[] {
  return values(
    parts.map((part) => valuesOf(part, random)),
    random,
  );
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}

const text = ["", "a", "A", "ab", " ab ", "abc", "abcd", "abcdefghij", "b", "true", "no", "1", "5", "1.5", "x", "é", "é"];
const formatted = [
  "a@b.cd",
  "123e4567-e89b-42d3-a456-426614174000",
  "123e4567-e89b-12d3-a456-426614174000",
  "01890a5d-ac96-774b-bcce-b302099a8057",
  "https://example.com/a",
  "http://example.com",
  "ftp://x.org/",
  "mailto:a@b.cd",
  "HTTPS://EXAMPLE.com",
  "127.0.0.1",
  "::1",
  "10.0.0.0/8",
  "::/0",
  "YWI=",
  "YWI",
  "+4915112345678",
  "2020-02-29",
  "2020-02-29T10:00:00Z",
  "2020-02-29T10:00:00.123Z",
  "2020-02-29T10:00:00+02:00",
  "2020-02-29T10:00:00",
  "2020-02-29T10:00Z",
  "10:00:00",
  "P1D",
  "example.com",
  "ff",
  "00:1b:44:11:3a:b7",
  "V1StGXR8_Z5jdHi6B-myT",
  "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "tz4a98xxat96iws9zmbrgj3a",
  "🙂",
];
const numbers = [0, 1, 2, 3, 4, 5, 6, 7, 10, 12, -1, -5, 0.5, 1.5, 100, 1e9, 2 ** 31, 1e300];
const bigints = [0n, 1n, 3n, 4n, 5n, 6n, 7n, 10n, -1n, 12n, 2n ** 63n, 2n ** 70n];
const dates = ["1970-01-01", "1999-12-31", "2000-01-01", "2010-05-05", "2020-01-01", "2020-01-02", "2030-01-01"].map(
  (day) => new Date(day),
);

const day = (year: number): string => `new Date("${year}-01-01")`;

/** Sources by family: a leaf changes into another of its family, as a rule. */
const families: Readonly<Record<string, readonly [values: readonly unknown[], ...sources: string[]]>> = {
  string: [
    text,
    "z.string()",
    "z.string().min(1)",
    "z.string().min(3)",
    "z.string().max(3)",
    "z.string().max(9)",
    "z.string().length(2)",
    "z.string().min(1).max(9)",
    'z.string().startsWith("a")',
    'z.string().endsWith("b")',
    'z.string().includes("b")',
    'z.string().includes("b", { position: 1 })',
    "z.string().lowercase()",
    "z.string().uppercase()",
    "z.string().regex(/^[a-c]+$/)",
    "z.string().regex(/^a/i)",
    "z.string().nonempty()",
  ],
  format: [
    formatted,
    "z.string()",
    "z.email()",
    "z.uuid()",
    "z.uuidv4()",
    "z.uuidv7()",
    "z.guid()",
    "z.url()",
    "z.url({ protocol: /^https$/ })",
    "z.url({ hostname: /^example/ })",
    "z.httpUrl()",
    "z.ipv4()",
    "z.ipv6()",
    "z.cidrv4()",
    "z.cidrv6()",
    "z.base64()",
    "z.base64url()",
    "z.e164()",
    "z.iso.date()",
    "z.iso.datetime()",
    "z.iso.datetime({ offset: true })",
    "z.iso.datetime({ local: true })",
    "z.iso.datetime({ precision: 3 })",
    "z.iso.time()",
    "z.iso.duration()",
    "z.hostname()",
    "z.hex()",
    "z.mac()",
    "z.nanoid()",
    "z.cuid2()",
    "z.ulid()",
    "z.emoji()",
    "z.jwt()",
    'z.jwt({ alg: "HS256" })',
    'z.hash("md5")',
    "z.string().email()",
    "z.string().max(20)",
  ],
  number: [
    numbers,
    "z.number()",
    "z.number().min(0)",
    "z.number().min(3)",
    "z.number().gt(0)",
    "z.number().max(10)",
    "z.number().lt(10)",
    "z.number().min(0).max(10)",
    "z.number().multipleOf(2)",
    "z.number().multipleOf(4)",
    "z.number().int()",
    "z.int()",
    "z.int32()",
    "z.uint32()",
    "z.float32()",
    "z.float64()",
    "z.number().positive()",
    "z.number().nonnegative()",
    "z.int().min(0).max(9)",
  ],
  bigint: [
    bigints,
    "z.bigint()",
    "z.bigint().min(5n)",
    "z.bigint().min(3n)",
    "z.bigint().gt(0n)",
    "z.bigint().max(10n)",
    "z.bigint().lt(10n)",
    "z.bigint().multipleOf(3n)",
    "z.bigint().multipleOf(6n)",
    "z.int64()",
    "z.uint64()",
    "z.bigint().positive()",
    "z.bigint().nonnegative()",
  ],
  date: [
    dates,
    "z.date()",
    `z.date().min(${day(2000)})`,
    `z.date().min(${day(2010)})`,
    `z.date().max(${day(2020)})`,
    `z.date().min(${day(2000)}).max(${day(2020)})`,
    `z.date().max(${day(2030)})`,
  ],
  choice: [
    ["a", "b", "c", 1, 2, null, true, false, "x-1", "x-2"],
    'z.enum(["a", "b"])',
    'z.enum(["a", "b", "c"])',
    'z.enum(["a"])',
    'z.literal("a")',
    'z.literal(["a", "b"])',
    "z.literal([1, 2])",
    "z.literal(1)",
    "z.boolean()",
    "z.literal(true)",
    "z.null()",
    'z.enum({ A: "a", One: 1 })',
    'z.templateLiteral(["x-", z.int()])',
    "z.string()",
    "z.literal([true, false])",
    'z.enum(["a", "b", "c"]).exclude(["c"])',
  ],
  any: [[1, "a", null, { a: 1 }, [1], true], "z.unknown()", "z.any()", "z.json()", "z.record(z.string(), z.any())"],
  special: [
    [new URL("https://example.com/"), Number.NaN, 7n, "7", 7, new Uint8Array([1, 2])],
    "z.instanceof(URL)",
    "z.nan()",
    "z.literal(7n)",
    "z.literal([7n, 8n])",
    "z.literal(7)",
    'z.literal("7")',
    "z.instanceof(Uint8Array)",
  ],
};

/** Changes of type that people make; both must be possible where the other was. */
const kin: readonly (readonly [from: string, ...to: string[]])[] = [
  ["z.iso.datetime()", "z.date()", `z.date().min(${day(2000)})`],
  ["z.iso.date()", "z.date()"],
  [
    "z.string()",
    "z.date()",
    "z.number()",
    "z.stringbool()",
    "z.coerce.number()",
    "z.coerce.string()",
    "z.email()",
    "z.bigint()",
    'z.enum(["a", "b"])',
    "z.string().trim()",
  ],
  [
    "z.number()",
    "z.bigint()",
    "z.string()",
    "z.coerce.number()",
    "z.coerce.string()",
    "z.boolean()",
    "z.date()",
    "z.coerce.bigint()",
  ],
  ["z.int()", "z.bigint()", "z.bigint().min(0n)", "z.number()", "z.string()", "z.coerce.bigint()"],
  ["z.int().min(0).max(9)", "z.bigint().min(0n)", "z.bigint().min(1n)", "z.int64()", "z.uint64()"],
  ["z.date()", "z.iso.datetime()", "z.coerce.date()", "z.string()", "z.number()"],
  ["z.bigint()", "z.int()", "z.coerce.bigint()", "z.string()"],
  ["z.boolean()", "z.stringbool()", 'z.enum(["true", "false"])', "z.coerce.boolean()", "z.union([z.boolean(), z.null()])"],
  ["z.coerce.number()", "z.number()", "z.coerce.number().min(3)"],
  ["z.coerce.string()", "z.string()", "z.coerce.string().min(1)"],
  ["z.stringbool()", "z.string()", "z.boolean()", 'z.stringbool({ truthy: ["a"] })', 'z.stringbool({ case: "sensitive" })'],
];

/** What only functions know: these are what can't be judged. */
const functions: readonly (readonly string[])[] = [
  ["z.string()", "z.string().refine((v) => v.length < 4)", "z.string().refine((v) => v.length < 9)"],
  ["z.string().refine(((most) => (v) => v.length < most)(4))", "z.string().refine(((most) => (v) => v.length < most)(9))"],
  [
    "z.string()",
    "z.string().trim()",
    "z.string().trim().min(1)",
    "z.string().min(1).trim()",
    "z.string().toLowerCase()",
    'z.string().normalize("NFD")',
    'z.string().normalize("NFC")',
    "z.string().slugify()",
  ],
  [
    "z.string()",
    "z.string().superRefine((v, ctx) => { if (v.length > 3) ctx.addIssue('long'); })",
    "z.string().superRefine((v, ctx) => { if (v.length > 8) ctx.addIssue('long'); })",
  ],
  [
    "z.string()",
    "z.string().transform((v) => v.length)",
    "z.string().transform((v) => v.length + 1)",
    "z.string().pipe(z.string().min(2))",
    "z.preprocess((v) => (v === 'a' ? 'abc' : v), z.string())",
  ],
  [
    "z.string()",
    'z.stringFormat("short", (v) => v.length < 4)',
    'z.stringFormat("short", (v) => v.length < 3)',
    "z.string().check(z.property('length', z.number().max(3)))",
    "z.string().check(z.property('length', z.number().max(2)))",
  ],
  ["z.url()", "z.url({ normalize: true })", "z.url({ protocol: /^http$/ })", "z.url({ protocol: /^https$/ })"],
  ["z.string().regex(/^a/)", "z.string().regex(/^a/i)", "z.string().regex(/^[ab]/)"],
  [
    "z.string()",
    "z.codec(z.string(), z.number(), { decode: (v) => v.length, encode: (n) => 'x'.repeat(n) })",
    "z.codec(z.string(), z.number(), { decode: (v) => v.length * 2, encode: (n) => 'x'.repeat(n) })",
  ],
];

const allText = [...text, ...formatted];
const valuesOfSource = (source: string): readonly unknown[] => {
  const home = Object.values(families).find(([, ...sources]) => sources.includes(source));
  if (home !== undefined) return home[0];
  if (/bigint|int64/.test(source)) return [...bigints, 5, "5"];
  if (/coerce|nan/.test(source)) return [...text, ...numbers, true];
  if (/date\(/.test(source) && !/iso/.test(source)) return dates;
  return [...allText, true, false, null];
};

function leaf(source: string, family: string): Tree {
  const all = valuesOfSource(source);
  return {
    source,
    parts: [],
    family,
    values: (_, random) => [pick(all, random), pick(all, random), pick(all, random), ...all.slice(0, 2)],
  };
}

const leafOf = (family: string, random: Random): Tree =>
  leaf(pick(families[family]?.slice(1) as readonly string[], random), family);

/** Leaves that stand for most of what contracts are made of. */
const leafFamilies = ["string", "string", "format", "number", "number", "bigint", "date", "choice", "choice", "any", "special"];

type Shape = readonly (readonly [key: string, optional: string])[];
const optionals = ["", "", "", ".optional()", ".exactOptional()", ".nullish()"];

/** Objects of up to three keys; `$n` is the value of the nth. */
function objectOf(shape: Shape, parts: readonly Tree[], form: string): Tree {
  const keys = shape.map(([key, optional], index) => `${key}: $${index}${optional}`).join(", ");
  return {
    source: form.replace("…", `{ ${keys} }`),
    parts,
    family: "object",
    values: (lists, random) =>
      [0, 1, 2, 3].map((round) => {
        const entries = shape.flatMap(([key, optional], index) => {
          const missing = optional !== "" && random() < 0.4;
          if (missing) return random() < 0.3 && optional !== ".exactOptional()" ? [[key, undefined] as const] : [];
          if (optional === ".nullish()" && random() < 0.3) return [[key, null] as const];
          return [[key, pick(lists[index] ?? [null], random)] as const];
        });
        return Object.fromEntries(round === 3 ? [...entries, ["extra", 1]] : entries);
      }),
  };
}

const objectForms = [
  "z.object(…)",
  "z.object(…)",
  "z.object(…)",
  "z.strictObject(…)",
  "z.looseObject(…)",
  "z.object(…).catchall(z.number())",
  "z.object(…).partial()",
  "z.object(…).readonly()",
];

function wrapOf(source: string, parts: readonly Tree[], values: Tree["values"], family = source): Tree {
  return { source, parts, family, values };
}

const list = (values: readonly unknown[], random: Random): readonly unknown[] =>
  Array.from({ length: Math.floor(random() * 4) }, () => pick(values, random));
const four = (make: () => unknown): readonly unknown[] => [make(), make(), make(), make()];

const arrays = [
  "z.array($0)",
  "z.array($0).min(1)",
  "z.array($0).max(2)",
  "z.array($0).max(9)",
  "z.array($0).length(2)",
  "z.array($0).nonempty()",
  "z.tuple([$0], $0)",
];
const sets = ["z.set($0)", "z.set($0).min(1)", "z.set($0).max(2)", "z.set($0).max(9)"];
const records = [
  "z.record(z.string(), $0)",
  "z.record(z.string().min(2), $0)",
  'z.record(z.enum(["k", "l"]), $0)',
  'z.partialRecord(z.enum(["k", "l"]), $0)',
  'z.partialRecord(z.enum(["k", "l", "m"]), $0)',
  "z.looseRecord(z.string().max(1), $0)",
];
const maps = [
  "z.map(z.string(), $0)",
  "z.map(z.string(), $0).min(1)",
  "z.map(z.string(), $0).max(1)",
  "z.map(z.string().min(2), $0)",
];
const keys = ["k", "l", "m", "kk", "5"];

const recordValues: Tree["values"] = ([values = [null]], random) =>
  four(() => Object.fromEntries(keys.filter(() => random() < 0.4).map((key) => [key, pick(values, random)]))).concat([
    { k: pick(values, random), l: pick(values, random) },
  ]);
const mapValues: Tree["values"] = ([values = [null]], random) =>
  four(() => new Map(keys.filter(() => random() < 0.4).map((key) => [key, pick(values, random)])));
const arrayValues: Tree["values"] = ([values = [null]], random) => [[], ...four(() => list(values, random))];
const setValues: Tree["values"] = ([values = [null]], random) => four(() => new Set(list(values, random)));
const same: Tree["values"] = ([values = [null]]) => values;
const orNull: Tree["values"] = ([values = [null]]) => [...values, null];
const orNothing: Tree["values"] = ([values = [null]]) => [...values, undefined];
const either: Tree["values"] = (lists, random) => lists.flatMap((values) => [pick(values, random), pick(values, random)]);

export function randomTree(random: Random, depth = 2): Tree {
  const inner = (): Tree => randomTree(random, depth - 1);
  if (depth === 0 || random() < 0.25) return leafOf(pick(leafFamilies, random), random);
  const kind = Math.floor(random() * 12);
  if (kind < 5) {
    const shape = ["a", "b", "c"].slice(0, 1 + Math.floor(random() * 3)).map((key) => [key, pick(optionals, random)] as const);
    const parts = shape.map(() => (random() < 0.2 ? withDefault(inner(), random) : inner()));
    return objectOf(
      shape.map(([key, optional], index) => [key, isDefaulted(parts[index]) ? "" : optional]),
      parts,
      pick(objectForms, random),
    );
  }
  switch (kind) {
    case 5:
      return wrapOf(pick(arrays, random), [inner()], arrayValues, "array");
    case 6:
      return wrapOf(pick(sets, random), [leafOf(pick(leafFamilies, random), random)], setValues, "set");
    case 7:
      return wrapOf(pick(records, random), [inner()], recordValues, "record");
    case 8:
      return wrapOf(pick(maps, random), [inner()], mapValues, "map");
    case 9:
      return wrapOf("$0.nullable()", [inner()], orNull);
    case 10:
      return wrapOf("z.union([$0, $1])", [inner(), inner()], either);
    default:
      return random() < 0.5 ? tupleOf(inner(), inner(), random) : tagged(random, inner);
  }
}

function tupleOf(a: Tree, b: Tree, random: Random): Tree {
  return wrapOf(
    pick(["z.tuple([$0, $1])", "z.tuple([$0, $1.optional()])", "z.tuple([$0], $1)"], random),
    [a, b],
    ([as = [null], bs = [null]], next) => four(() => (next() < 0.3 ? [pick(as, next)] : [pick(as, next), pick(bs, next)])),
    "tuple",
  );
}

function tagged(random: Random, inner: () => Tree): Tree {
  const source =
    'z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), x: $0 }), z.object({ kind: z.literal("b"), y: $1 })])';
  return wrapOf(source, [inner(), inner()], ([xs = [null], ys = [null]], next) => [
    { kind: "a", x: pick(xs, next) },
    { kind: "b", y: pick(ys, next) },
    { kind: "b", y: pick(ys, next) },
  ]);
}

function isDefaulted(tree: Tree | undefined): boolean {
  return tree?.family === "default";
}

/** A default that fits needs a value that does: of whatever the schema takes, the first that it takes. */
function withDefault(tree: Tree, random: Random): Tree {
  const name = pick(["default", "default", "prefault", "catch"], random);
  return wrapOf(`fill($0, "${name}", ${Math.floor(random() * 3)})`, [tree], name === "catch" ? same : orNothing, "default");
}

/** The same tree with one thing changed. */
export function changedTree(tree: Tree, random: Random): Tree {
  // Deeper places are more.
  if (tree.parts.length > 0 && random() < 0.65) {
    const at = Math.floor(random() * tree.parts.length);
    return { ...tree, parts: tree.parts.map((part, index) => (index === at ? changedTree(part, random) : part)) };
  }
  const around = random();
  if (around < 0.08) return wrapOf("$0.nullable()", [tree], orNull);
  if (around < 0.12) return wrapOf("$0.optional()", [tree], orNothing);
  if (around < 0.16) return isDefaulted(tree) ? (tree.parts[0] as Tree) : withDefault(tree, random);
  if (around < 0.2) return wrapOf("z.union([$0, $1])", [tree, leafOf(pick(leafFamilies, random), random)], either);
  if (around < 0.22) return wrapOf("z.union([$1, $0])", [tree, leafOf(pick(leafFamilies, random), random)], either);
  if (around < 0.24) return wrapOf("z.array($0)", [tree], arrayValues, "array");
  return changedHere(tree, random);
}

function changedHere(tree: Tree, random: Random): Tree {
  const { parts, family, source } = tree;
  const [first] = parts;
  const other = (sources: readonly string[], values = tree.values, as = family): Tree =>
    wrapOf(pick(sources, random), parts, values, as);
  switch (family) {
    case "object":
      return changedObject(tree, random);
    case "array":
      return random() < 0.3 && first !== undefined && !source.includes("tuple") ? other(sets, setValues, "set") : other(arrays);
    case "set":
      return random() < 0.3 ? other(arrays, arrayValues, "array") : other(sets);
    case "record":
      return random() < 0.3 ? other(maps, mapValues, "map") : other(records);
    case "map":
      return random() < 0.3 ? other(records, recordValues, "record") : other(maps);
    case "default":
      return withDefault(first as Tree, random);
    case "tuple":
      return tupleOf(first as Tree, parts[1] ?? (first as Tree), random);
    case "$0.nullable()":
      return random() < 0.5 ? (first as Tree) : wrapOf(pick(["$0.optional()", "$0.nullish()"], random), parts, orNothing);
    case "z.union([$0, $1])":
      return pick([wrapOf("z.union([$1, $0])", parts, either), wrapOf("z.xor([$0, $1])", parts, either), first as Tree], random);
    default:
  }
  if (parts.length > 0) return tree;
  const relatives = kin.find(([from]) => from === source);
  if (relatives !== undefined && random() < 0.4) return leaf(pick(relatives.slice(1), random), family);
  const own = families[family];
  return random() < 0.9 && own !== undefined
    ? leaf(pick(own.slice(1) as readonly string[], random), family)
    : leafOf(pick(leafFamilies, random), random);
}

function changedObject(tree: Tree, random: Random): Tree {
  const shape: (readonly [string, string])[] = [...tree.source.matchAll(/(\w): \$\d(\.\w+\(\))?/g)].map(
    ([, key = "", optional = ""]) => [key, optional],
  );
  const form = tree.source.replace(/\{.*?\}/, "…");
  const how = random();
  const at = Math.floor(random() * shape.length);
  if (how < 0.25) return objectOf(shape, tree.parts, pick(objectForms, random));
  if (how < 0.55)
    return objectOf(
      [...shape, ["n", pick(["", ".optional()", ".optional()"], random)]],
      [...tree.parts, random() < 0.4 ? withDefault(leafOf("number", random), random) : leafOf("string", random)],
      form,
    );
  if (how < 0.7 && shape.length > 1)
    return objectOf(
      shape.filter((_, index) => index !== at),
      tree.parts.filter((_, index) => index !== at),
      form,
    );
  return objectOf(
    shape.map(([key, optional], index) => [key, index === at ? pick(optionals, random) : optional]),
    tree.parts,
    form,
  );
}

/** Two versions of one schema. One change in a hundred is of a function, or of what only a function can tell. */
export function randomChange(random: Random): { readonly older: Tree; readonly newer: Tree } {
  if (random() < 0.02) {
    const group = pick(functions, random);
    const [older, newer] = [pick(group, random), pick(group, random)];
    const around = random() < 0.5 ? "$0" : "z.object({ a: $0 })";
    const values: Tree["values"] = around === "$0" ? same : ([all = [null]], next) => four(() => ({ a: pick(all, next) }));
    return { older: wrapOf(around, [leaf(older, "function")], values), newer: wrapOf(around, [leaf(newer, "function")], values) };
  }
  if (random() < 0.05) {
    const [from, ...to] = pick(kin, random);
    const pair = [leaf(from, "kin"), leaf(pick(to, random), "kin")] as const;
    const [older, newer] = random() < 0.5 ? pair : ([pair[1], pair[0]] as const);
    return { older, newer };
  }
  const older = randomTree(random);
  return { older, newer: changedTree(older, random) };
}
