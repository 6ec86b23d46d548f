import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { editors, type Editor } from "../support/editors.ts";
import { ligature } from "./support/ligature.ts";
import { scratch, type Scratch } from "./support/scratch.ts";
import { strictest } from "./support/tsc.ts";

const consumer = `import { shop } from "./errors-and-progress/generated/index.js";
import type { OutOfStock, ShopHandlers, ShopRemote } from "./errors-and-progress/generated/index.js";
import type { TaskRegistry } from "ligature";

export const signature = shop.order.si("chair");
export const partial = shop.pack.s();
export const failed = shop.errors.TooMany;
export const call = (remote: ShopRemote) => remote.pack("1");
export const later = (remote: ShopRemote) => remote.ship.delay("1");
export type Named = TaskRegistry["shop.order"];
export const handlers: Pick<ShopHandlers, "ship"> = { ship: async () => undefined };
export const item = (data: OutOfStock) => data.item;
`;

let workspace: Scratch;

beforeAll(() => {
  workspace = scratch({ "package.json": '{ "type": "module" }', "consumer.ts": consumer });
  const { dir } = workspace;
  cpSync(join(import.meta.dirname, "cases/errors-and-progress"), join(dir, "errors-and-progress"), { recursive: true });
  writeFileSync(
    join(dir, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...strictest, noEmit: true }, files: ["consumer.ts"] }),
  );
  expect(ligature(dir, ["gen", "errors-and-progress"])).toMatchObject({ code: 0, err: "" });
});

afterAll(() => workspace.remove());

describe.each(Object.entries(editors))("%s", (_, open) => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await open(workspace.dir, join(workspace.dir, "consumer.ts"), consumer);
  });

  afterAll(() => editor.close());

  test.each([
    ["a signature's task", "shop.", "order", "order: task("],
    ["a partial signature's task", "partial = shop.", "pack", "pack: task("],
    ["a declared error", "errors.", "TooMany", "TooMany: z.object"],
    ["a stub", "remote.", "pack", "pack: task("],
    ["a stub that isn't awaited", "remote.", "ship", "ship: task("],
    // Of a string that is an argument, as in sendTask, neither knows what it names.
    ["a name on the wire", 'TaskRegistry["', "shop.order", "order: task("],
    ["a handler", "{ ", "ship", "ship: task("],
    ["an exported schema", "data: ", "OutOfStock", "OutOfStock = z.object"],
    ["a field of one", "data.", "item", "item: z.string(), since"],
    ["the contract", "= ", "shop", 'shop = contract("shop"'],
  ])("%s leads to its own line of the contract", async (__, before, name, target) => {
    const lines = consumer.split("\n");
    const line = lines.findIndex((each) => each.includes(before + name) && !each.startsWith("import"));
    const character = (lines[line]?.indexOf(before + name) ?? 0) + before.length;
    const contract = join(workspace.dir, "errors-and-progress/src/contract.ts");
    const expected =
      readFileSync(contract, "utf8")
        .split("\n")
        .findIndex((each) => each.includes(target)) + 1;
    expect(expected).toBeGreaterThan(0);
    expect(await editor.definition(join(workspace.dir, "consumer.ts"), line, character)).toContain(`${contract}:${expected}`);
  });
});
