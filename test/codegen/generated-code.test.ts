import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LigatureError } from "ligature";
import { beforeAll, expect, test } from "vitest";
import { builtCases } from "./support/cases.ts";
import type { Scratch } from "./support/scratch.ts";

let workspace: Scratch;

beforeAll(() => {
  workspace = builtCases(["errors-and-progress", "local-modules", "plain-json"]);
  return () => workspace.remove();
});

/** The signature builders that generated code exports; untyped, as JavaScript sees them. */
interface Builders {
  readonly [task: string]: {
    readonly taskName: string;
    readonly s?: (...bound: readonly unknown[]) => { readonly "~signature": unknown };
    si(...args: readonly unknown[]): { readonly "~signature": unknown };
  };
}

async function load(
  name: string,
): Promise<Readonly<Record<string, Builders & { readonly errors: Record<string, new (data: unknown) => Error> }>>> {
  return import(pathToFileURL(join(workspace.dir, name, "generated/index.js")).href);
}

test("generated code builds signatures", async () => {
  const { shop } = await load("errors-and-progress");
  expect(shop?.["order"]?.taskName).toBe("shop.order");
  expect(shop?.["order"]?.si("chair")["~signature"]).toMatchObject({ args: ["chair"], immutable: true });
  expect(shop?.["order"]?.s?.()["~signature"]).toMatchObject({ args: [], immutable: false });
  expect(() => shop?.["order"]?.si()).toThrow(LigatureError);
});

test("it has the declared errors as classes", async () => {
  const { shop } = await load("errors-and-progress");
  const OutOfStock = shop?.errors["OutOfStock"];
  const TooMany = shop?.errors["TooMany"];
  if (OutOfStock === undefined || TooMany === undefined) throw new Error("an error class is missing");
  const error = new OutOfStock({ item: "chair", since: new Date(0) });
  expect(error).toBeInstanceOf(OutOfStock);
  expect(error).not.toBeInstanceOf(TooMany);
  expect(error.name).toBe("OutOfStock");
});

test("it finds a contract that is the default export", async () => {
  const { modules } = await load("local-modules");
  expect(modules?.["move"]?.taskName).toBe("modules.move");
});

test("a task without parameters has no .s", async () => {
  const { plainness } = await load("plain-json");
  expect(plainness?.["nothing"]).not.toHaveProperty("s");
  expect(plainness?.["plain"]).toHaveProperty("s");
});

test("code that is older than its contract says so when it is loaded", async () => {
  const dir = join(workspace.dir, "older");
  cpSync(join(workspace.dir, "errors-and-progress"), dir, { recursive: true, dereference: true });
  writeFileSync(
    join(dir, "dist/contract.js"),
    'import { contract, task } from "ligature/contract";\nexport const shop = contract("shop", { tasks: { order: task(), newer: task() } });\n',
  );
  await expect(import(pathToFileURL(join(dir, "generated/index.js")).href)).rejects.toThrow(/shop\.newer.*run `ligature gen`/);
});
