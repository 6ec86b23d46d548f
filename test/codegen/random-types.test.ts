import { sample } from "fast-check";
import { expect, test } from "vitest";
import { printTypes, schemaOf } from "./support/print-types.ts";
import { randomSchema } from "./support/random-schemas.ts";
import { scratchOfTest } from "./support/scratch.ts";
import { differentTypes, type TypePair } from "./support/tsc.ts";

/** Others can be tried: SCHEMAS=10000 SEED=$RANDOM. */
const numRuns = Number(process.env["SCHEMAS"] ?? 2000);
const seed = Number(process.env["SEED"] ?? 1);

/** Some seconds, as a rule; ten times that where much else runs, and for more schemas. */
const timeout = 120_000 + 60 * numRuns;

test(
  `the types of ${numRuns} random schemas are what zod infers (seed ${seed})`,
  () => {
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
    const preludeOf = (compared: readonly TypePair[]): string => {
      const names = new Set(compared.map(({ left }) => /schema\d+/.exec(left)?.[0]));
      const declared = schemas
        .map(({ source }, index) => [`schema${index}`, source] as const)
        .filter(([name]) => names.has(name));
      return ['import { z } from "zod";', ...declared.map(([name, source]) => `const ${name} = ${source};`)].join("\n");
    };
    const dir = scratchOfTest({ "package.json": '{ "type": "module" }' });
    // The compiler doesn't take `[A, ...A[]]` for identical with itself where A is a mapped type that is written twice.
    const suspects = new Set(differentTypes(dir, preludeOf(pairs), pairs));
    const again = pairs.filter(({ left, right }) => suspects.has(`${left} is not ${right}`) && / \.\.\..*\[K in /.test(right));
    const others = [...suspects].filter((line) => !again.some(({ left, right }) => line === `${left} is not ${right}`));
    const different = [
      ...others,
      ...(again.length > 0
        ? differentTypes(
            dir,
            preludeOf(again),
            again.map((pair) => ({ ...pair, compare: "mutual" })),
          )
        : []),
    ];
    expect(
      different.map((line) => line.replaceAll(/schema(\d+)/g, (name, index) => schemas[Number(index)]?.source ?? name)),
    ).toEqual([]);
  },
  timeout,
);
