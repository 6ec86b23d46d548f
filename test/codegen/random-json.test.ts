import { inspect } from "node:util";
import { anything, array, constantFrom, nat, sample, tuple, type Arbitrary } from "fast-check";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import * as zod from "zod";
import { jsonSchemas } from "../../codegen/dist/read/schema/json-of-schema.js";
import { packValue } from "../../src/dist/protocol/index.js";
import { schemaOf } from "./support/print-types.ts";
import { randomSchema, type RandomSchema } from "./support/random-schemas.ts";

/** Others can be tried: SCHEMAS=10000 SEED=$RANDOM. */
const numRuns = Number(process.env["SCHEMAS"] ?? 2000);
const seed = Number(process.env["SEED"] ?? 1);

/** Some seconds, as a rule; ten times that where much else runs, and for more schemas. */
const timeout = 120_000 + 60 * numRuns;

type Validate = (value: unknown) => boolean;

interface Tried {
  readonly source: string;
  readonly exact: boolean;
  readonly schema: zod.ZodType;
  readonly accepts: { readonly input: Validate; readonly output: Validate };
  readonly json: unknown;
  /** Mostly values that fit. */
  readonly values: readonly unknown[];
}

/** Patterns say what formats would; numbers of zod's are multiples of each other as floating point has it. */
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false, code: { optimize: false } });

const compiled = new Map<string, Validate>();

/** Compiling takes longer than all else; many schemas are the same on both sides. */
function compile(json: object): Validate {
  const text = JSON.stringify(json);
  const known = compiled.get(text) ?? (ajv.compile(json) as Validate);
  compiled.set(text, known);
  return known;
}

function tried({ source, exact, value }: RandomSchema, index: number): Tried {
  const schema = schemaOf(source.replaceAll(" as never", ""));
  const requests = (["input", "output"] as const).map((side) => ({ schema: schema as never, side }));
  const { schemas, definitions } = jsonSchemas(zod, requests, [], () => undefined);
  const [input, output] = schemas.map((json) => compile({ ...json, $defs: definitions }));
  if (input === undefined || output === undefined) throw new Error(`no JSON Schema of ${source}`);
  const values = sample(value, { numRuns: 4, seed: seed + index });
  return { source, exact, schema, accepts: { input, output }, json: schemas, values };
}

/** A value as it is on the wire. */
function onWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(packValue(value, false).json ?? null));
}

const json: Arbitrary<unknown> = anything({
  maxDepth: 2,
  maxKeys: 2,
  key: constantFrom("a", "b", "k", "kind"),
  values: [constantFrom("a", "b", "k", "", null, true, false, -1, 0, 1, 2, 0.5)],
});

/** A value with one thing in it changed: replaced, removed, or put where there was nothing. */
function broken(value: unknown, at: number, how: number, other: unknown): unknown {
  const holders: (unknown[] | Record<string, unknown>)[] = [];
  const copy = structuredClone(value);
  const collect = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    holders.push(part as Record<string, unknown>);
    Object.values(part).forEach(collect);
  };
  collect(copy);
  const holder = holders[at % Math.max(holders.length, 1)];
  if (holder === undefined) return other;
  if (Array.isArray(holder)) {
    if (how === 0) holder.push(other);
    else if (how === 1) holder.pop();
    else holder[at % Math.max(holder.length, 1)] = other;
    return copy;
  }
  const keys = Object.keys(holder);
  const key = keys[at % Math.max(keys.length, 1)] ?? "new";
  if (how === 0) holder[keys.includes("extra") ? key : "extra"] = other;
  else if (how === 1) Reflect.deleteProperty(holder, key);
  else holder[key] = other;
  return copy;
}

const changes = array(tuple(nat(20), nat(2), json), { minLength: 3, maxLength: 3 });

test(
  `the JSON Schemas of ${numRuns} random schemas accept and refuse what the schemas do (seed ${seed})`,
  () => {
    const all = sample(
      randomSchema.filter(({ lenient }) => !lenient),
      { numRuns, seed },
    ).map(tried);
    const count = { accepted: 0, refused: 0, outputs: 0, exact: 0 };
    const wrong: string[] = [];
    const complain = (what: string, { source, json: schemas }: Tried, value: unknown): unknown =>
      wrong.push(`${what}: ${source} with ${inspect(value, { depth: 9 })}; ${JSON.stringify(schemas)}`);

    for (const [index, each] of all.entries()) {
      const { schema, accepts, exact, values } = each;
      if (exact) count.exact++;
      // What fits is accepted as it is on the wire, and so is what comes out.
      for (const value of values) {
        const parsed = schema.safeParse(value);
        if (!parsed.success) continue;
        count.outputs++;
        if (!accepts.input(onWire(value))) complain("input refused", each, value);
        if (!accepts.output(onWire(parsed.data))) complain("output refused", each, parsed.data);
      }
      if (!exact) continue;
      // Any JSON value is judged as the schema judges it.
      const others = sample(changes, { numRuns: values.length, seed: seed + index }).flatMap((list, place) =>
        list.map(([at, how, other]) => broken(values[place], at, how, other)),
      );
      for (const value of [...values, ...others].map(onWire)) {
        const { success } = schema.safeParse(value);
        count[success ? "accepted" : "refused"]++;
        if (success !== accepts.input(value)) complain(success ? "accepted by zod alone" : "refused by zod alone", each, value);
      }
    }
    // The simplest say most.
    expect(wrong.sort((a, b) => a.length - b.length).slice(0, 20)).toEqual([]);
    // Enough of each kind were met.
    expect(count.exact).toBeGreaterThan(numRuns / 4);
    expect(Math.min(count.accepted, count.refused)).toBeGreaterThan(numRuns);
  },
  timeout,
);
