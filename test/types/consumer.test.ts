import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "./compile.ts";

/** The assertions are in the files of consumer/, which the strictest settings compile; see same.ts there. */
test("results, outcomes, handlers and chains have the types that the contracts promise", async () => {
  expect(Object.fromEntries(await compile(join(import.meta.dirname, "consumer")))).toEqual({});
});
