import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { compile } from "./compile.ts";

/**
 * Wrong usage is a tested feature: each file of misuse/ has one mistake, and the text that the compiler says
 * about it is kept beside it, because that text is what a user will see. After a change that is meant:
 * UPDATE_GOLDEN=1 npm test -- types
 */
const folder = join(import.meta.dirname, "misuse");
const update = process.env["UPDATE_GOLDEN"] === "1";
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length));

let said: ReadonlyMap<string, string>;

beforeAll(async () => {
  said = await compile(folder);
});

test.each(names)("%s", (name) => {
  const diagnostics = said.get(`${name}.ts`);
  expect(diagnostics, "the misuse compiles").toBeDefined();
  const file = join(folder, `${name}.expected.txt`);
  if (update) writeFileSync(file, diagnostics ?? "");
  expect(existsSync(file), `${name}.expected.txt is missing: UPDATE_GOLDEN=1 npm test -- types writes it`).toBe(true);
  expect(diagnostics).toBe(readFileSync(file, "utf8"));
});

test("the compiler finds nothing outside of the misuses", () => {
  expect([...said.keys()].sort()).toEqual(names.map((name) => `${name}.ts`).sort());
});

test("every expected text belongs to a misuse", () => {
  const expected = readdirSync(folder).filter((file) => file.endsWith(".expected.txt"));
  expect(expected).toEqual(names.map((name) => `${name}.expected.txt`).sort());
});
