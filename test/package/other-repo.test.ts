import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { run } from "./run.ts";

/**
 * A repo that has nothing to do with this workspace, its files in other-repo/, has installed the packed
 * packages with npm: what works there works for other teams.
 */
const repo = inject("otherRepo");
const bin = join(repo, "node_modules", ".bin");

beforeAll(async () => {
  await run(join(bin, "ligature"), ["gen"], repo);
  await run(process.execPath, [inject("compilers")["typescript"] ?? "", "-p", "."], repo);
});

test("the command line says which version it is", async () => {
  expect((await run(join(bin, "ligature"), ["--version"], repo)).trim()).toMatch(/^\d+\.\d+\.\d+$/);
});

test("generated code is up to date after gen", async () => {
  await run(join(bin, "ligature"), ["gen", "--check"], repo);
});

test("other teams' contract packages work", async () => {
  expect(JSON.parse(await run(process.execPath, ["dist/others-contracts.js"], repo))).toEqual({
    columns: ["a", "b"],
    finishedAt: 0,
    failed: true,
    reason: "no ;",
  });
});

test("a contract of its own works", async () => {
  expect(JSON.parse(await run(process.execPath, ["dist/own-contract.js"], repo))).toEqual({
    cents: "42",
    due: "1970-01-01T00:00:00.000Z",
    refused: 0,
  });
});

test.each(Object.keys(inject("compilers")))("declarations compile with %s, none skipped", async (name) => {
  expect(await run(process.execPath, [inject("compilers")[name] ?? "", "-p", ".", "--noEmit"], repo)).toBe("");
});
