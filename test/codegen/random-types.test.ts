import { sample } from "fast-check";
import { expect, test } from "vitest";
import { printTypes, schemaOf } from "./support/print-types.ts";
import { randomSchema } from "./support/random-schemas.ts";
import { scratchOfTest } from "./support/scratch.ts";
import { differentTypes } from "./support/tsc.ts";

/** Others can be tried: SCHEMAS=2000 SEED=$RANDOM. */
const numRuns = Number(process.env["SCHEMAS"] ?? 300);
const seed = Number(process.env["SEED"] ?? 1);

test(`the types of ${numRuns} random schemas are what zod infers (seed ${seed})`, () => {
  const schemas = sample(randomSchema, { numRuns, seed });
  const printed = schemas.map(({ source }) => printTypes(schemaOf(source.replaceAll(" as never", ""))));
  expect(printed.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  const pairs = schemas.flatMap(({ intersects }, index) => {
    const { input = "", output = "" } = printed[index] ?? {};
    const compare = intersects ? "mutual" : "same";
    return [
      { left: `z.input<typeof schema${index}>`, right: input, compare } as const,
      { left: `z.output<typeof schema${index}>`, right: output, compare } as const,
    ];
  });
  const prelude = ['import { z } from "zod";', ...schemas.map(({ source }, index) => `const schema${index} = ${source};`)].join(
    "\n",
  );
  const different = differentTypes(scratchOfTest({ "package.json": '{ "type": "module" }' }), prelude, pairs);
  expect(
    different.map((line) => line.replaceAll(/schema(\d+)/g, (name, index) => schemas[Number(index)]?.source ?? name)),
  ).toEqual([]);
});
