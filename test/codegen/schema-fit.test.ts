import { sample, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import * as zod from "zod";
import { SchemaFit } from "../../codegen/dist/schema-fit/index.js";
import type { JsonSchema } from "../../codegen/dist/model/json-schema.js";
import { jsonSchemas } from "../../codegen/dist/read/schema/json-of-schema.js";
import { comparedSchemas, mutated, type Compared } from "./support/compared-schemas.ts";
import { schemaOf } from "./support/print-types.ts";
import { scratchOfTest } from "./support/scratch.ts";
import { differentTypes } from "./support/tsc.ts";

/** Others can be tried: PAIRS=20000 SEED=$RANDOM. */
const numRuns = Number(process.env["PAIRS"] ?? 800);
const seed = Number(process.env["SEED"] ?? 1);
/** Some seconds, as a rule; many times that where much else runs. */
const timeout = 120_000 + 150 * numRuns;

const pairs = sample(tuple(comparedSchemas, comparedSchemas), { numRuns, seed });
/** A schema and a variant of it, mostly: unrelated ones rarely fit each other. */
const cases = pairs.map(([a, b], index): readonly [Compared, Compared] => (index % 4 === 0 ? [a, b] : [a, mutated(a, index)]));

type Travels = "arguments" | "results";

function jsonOf(
  source: string,
  travels: Travels,
): { readonly json: JsonSchema; readonly $defs: Readonly<Record<string, JsonSchema>> } {
  const side = travels === "arguments" ? "input" : "output";
  const { schemas, definitions } = jsonSchemas(zod, [{ schema: schemaOf(source) as never, side }], [], () => undefined);
  return { json: schemas[0] ?? {}, $defs: definitions };
}

function fits(from: string, to: string, travels: Travels, level: "values" | "types"): boolean {
  const [sent, taken] = [jsonOf(from, travels), jsonOf(to, travels)];
  const fit = new SchemaFit({ from: sent.$defs, to: taken.$defs, level, travels });
  return fit.misfits(sent.json, taken.json).every(({ kind }) => kind === "dropped" || kind === "gone");
}

/** Pairs that are said to fit, and values that show that they don't. */
function check(travels: Travels): { readonly said: number; readonly wrong: readonly string[] } {
  let said = 0;
  const wrong: string[] = [];
  for (const [from, to] of cases) {
    if (!fits(from.source, to.source, travels, "values")) continue;
    said += 1;
    const [sender, taker] = [schemaOf(from.source), schemaOf(to.source)];
    for (const value of [...from.values, ...to.values]) {
      const sent = sender.safeParse(value);
      // Arguments travel as they were given, results as they were parsed.
      const travelling = travels === "arguments" ? value : sent.data;
      if (sent.success && !taker.safeParse(travelling).success) {
        wrong.push(`${from.source} → ${to.source}: ${JSON.stringify(travelling)}`);
      }
    }
  }
  return { said, wrong };
}

describe(`of ${numRuns} random pairs of schemas (seed ${seed})`, () => {
  test.each(["arguments", "results"] as const)(
    "where one is said to take all %s of the other, it does",
    { timeout },
    (travels) => {
      const { said, wrong } = check(travels);
      expect(wrong).toEqual([]);
      // Not by never saying so.
      expect(said).toBeGreaterThan(numRuns / 10);
    },
  );

  test("every one takes what it takes itself", { timeout }, () => {
    expect(
      cases
        .filter(([{ source }]) => !fits(source, `${source}.describe("the same")`, "arguments", "values"))
        .map(([{ source }]) => source),
    ).toEqual([]);
  });

  test("where one's type is said to take the other's, the compiler agrees", { timeout }, () => {
    const fitting = cases.slice(0, 400).filter(([from, to]) => fits(from.source, to.source, "arguments", "types"));
    expect(fitting.length).toBeGreaterThan(40);
    const sources = fitting.flatMap(([from, to], index) => [
      `const from${index} = ${from.source};`,
      `const to${index} = ${to.source};`,
    ]);
    const wrong = differentTypes(
      scratchOfTest({ "package.json": '{ "type": "module" }' }),
      ['import { z } from "zod";', ...sources].join("\n"),
      fitting.map((_, index) => ({
        left: `z.input<typeof from${index}>`,
        right: `z.input<typeof to${index}>`,
        compare: "assignable",
      })),
    );
    expect(
      wrong.map((line) =>
        line.replaceAll(/(from|to)(\d+)/g, (_, side, index) => fitting[Number(index)]?.[side === "from" ? 0 : 1].source ?? ""),
      ),
    ).toEqual([]);
  });
});
