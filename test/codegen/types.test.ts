import { expect, test } from "vitest";
import { printTypes, schemaOf } from "./support/print-types.ts";
import { scratchOfTest } from "./support/scratch.ts";
import { differentTypes } from "./support/tsc.ts";
import { typeRows } from "./type-table.ts";

test.each(typeRows)("$schema", ({ schema, input, output = input }) => {
  expect(printTypes(schemaOf(schema))).toEqual({ input, output, mistakes: [] });
});

test("every type of the table is what zod infers, for the compiler", () => {
  const schemas = typeRows.map(({ schema }, index) => `const schema${index} = ${schema};`);
  const pairs = typeRows.flatMap(({ input, output = input, compare }, index) => [
    { left: `z.input<typeof schema${index}>`, right: input, compare },
    { left: `z.output<typeof schema${index}>`, right: output, compare },
  ]);
  const dir = scratchOfTest({ "package.json": '{ "type": "module" }' });
  expect(differentTypes(dir, ['import { z } from "zod";', ...schemas].join("\n"), pairs)).toEqual([]);
});
