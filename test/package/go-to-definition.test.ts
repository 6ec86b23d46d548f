import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { editors } from "../support/editors.ts";

const consumer = `import { processing } from "@example/processing";
import type { ProcessingRemote } from "@example/processing";

export const signature = processing.inspectFile.si("a.csv");
export const call = (remote: ProcessingRemote) => remote.processFile("a.csv");
`;

test.each(Object.entries(editors))("in %s, tasks of an installed package lead to the source of its contract", async (_, open) => {
  const repo = inject("otherRepo");
  const file = join(repo, "src", "go-to-definition.ts");
  writeFileSync(file, consumer);
  const editor = await open(repo, file, consumer);
  try {
    const contract = join(repo, "node_modules/@example/processing/src/contract.ts");
    const source = readFileSync(contract, "utf8").split("\n");
    const lines = consumer.split("\n");
    for (const task of ["inspectFile", "processFile"]) {
      const line = lines.findIndex((each) => each.includes(`.${task}(`) || each.includes(`.${task}.`));
      const character = (lines[line]?.indexOf(`.${task}`) ?? 0) + 1;
      const expected = source.findIndex((each) => each.includes(`${task}: task(`)) + 1;
      expect(expected).toBeGreaterThan(0);
      expect(await editor.definition(file, line, character)).toContain(`${contract}:${expected}`);
    }
  } finally {
    await editor.close();
    rmSync(file);
  }
});
