import { join } from "node:path";
import { sample } from "fast-check";
import { expect, test } from "vitest";
import { asserted, type Side, type TypeNode } from "../../codegen/dist/model/type-node.js";
import { CompilerTypes, Programs } from "../../codegen/dist/read/checker/index.js";
import { printNode, printTypes, schemaOf } from "./support/print-types.ts";
import { randomSchema } from "./support/random-schemas.ts";
import { scratchOfTest } from "./support/scratch.ts";
import { differentTypes, type TypePair } from "./support/tsc.ts";
import { typeRows } from "./type-table.ts";

/** Others can be tried: SEED=$RANDOM. */
const seed = Number(process.env["SEED"] ?? 1);

const sides: readonly Side[] = ["input", "output"];

/** Shared: they parse TypeScript's library and zod once. */
const programs = new Programs();

/** What the compiler says of the exports `schema0`, `schema1`, … of a contract module. */
function compilerTypes(sources: readonly string[]): (index: number, side: Side) => TypeNode {
  const text = ['import { z } from "zod";', ...sources.map((source, index) => `export const schema${index} = ${source};`)].join(
    "\n",
  );
  const dir = scratchOfTest({ "package.json": '{ "type": "module" }', "src/contract.ts": text });
  const file = join(dir, "src/contract.ts");
  const contract = { dir, name: "test", source: "src/contract.ts", runtime: "../dist/contract.js", dependencies: [] };
  const types = new CompilerTypes(contract, { files: [file], specifiers: ["zod"], hash: "" }, programs);
  return (index, side) => types.sideOf({ root: { export: `schema${index}` } }, side);
}

function printed(source: string, type: () => TypeNode): string {
  try {
    return printNode(type());
  } catch (error) {
    throw new Error(`the type of ${source} can't be read`, { cause: error });
  }
}

/** Both ways to a type, where both lead to one: the schema that was loaded, and the compiler. */
function disagreements(sources: readonly string[]): readonly string[] {
  const ofCompiler = compilerTypes(sources);
  const pairs = sources.flatMap((source, index): readonly TypePair[] => {
    const walked = printTypes(schemaOf(source.replaceAll(" as never", "")));
    return sides.map((side) => ({
      left: walked[side],
      right: printed(source, () => ofCompiler(index, side)),
      compare: "mutual",
    }));
  });
  return differentTypes(scratchOfTest({ "package.json": '{ "type": "module" }' }), 'import { z } from "zod";', pairs);
}

test("the schema and the compiler agree on every type of the table", () => {
  // `any` is refused where only the compiler could have said it.
  const rows = typeRows.filter(({ input, output = input }) => !/\bany\b/.test(`${input} ${output}`));
  expect(disagreements(rows.map(({ schema }) => schema))).toEqual([]);
});

test(`the schema and the compiler agree on 300 random schemas (seed ${seed})`, () => {
  const schemas = sample(randomSchema, { numRuns: 300, seed }).map(({ source }) => source);
  expect(disagreements(schemas.filter((source) => !source.includes("z.any()")))).toEqual([]);
});

test("a type of the compiler's is marked as one that no schema checks", () => {
  const ofCompiler = compilerTypes(["z.string().transform((text) => [text.length, null] as const)"]);
  const number: TypeNode = { kind: "keyword", name: "number" };
  const tuple: TypeNode = {
    kind: "tuple",
    items: [number, { kind: "keyword", name: "null" } as const].map((type) => ({ type, optional: false })),
    readonly: true,
  };
  expect(ofCompiler(0, "output")).toEqual(asserted(tuple));
  expect(ofCompiler(0, "input")).toEqual(asserted({ kind: "keyword", name: "string" }));
});
