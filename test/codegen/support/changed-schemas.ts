import { bigints, dates, families, formatted, functions, kin, numbers, text } from "./changed-leaves.ts";

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
