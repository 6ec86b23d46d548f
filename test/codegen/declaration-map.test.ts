import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { beforeAll, describe, expect, test } from "vitest";
import { ligature } from "./support/ligature.ts";
import { scratch, type Scratch } from "./support/scratch.ts";

const cases = ["tasks", "errors-and-progress", "local-modules", "names", "recursive"];
let workspace: Scratch;

beforeAll(() => {
  workspace = scratch({ "package.json": '{ "workspaces": ["*"] }' });
  for (const name of cases) cpSync(join(import.meta.dirname, "cases", name), join(workspace.dir, name), { recursive: true });
  expect(ligature(workspace.dir, ["gen"])).toMatchObject({ code: 0, err: "" });
  return workspace.remove;
});

/** The text at which a place in the declarations arrives in the source: `file: rest of the line`. */
class Declarations {
  readonly #name: string;
  readonly #text: string;
  readonly #map: TraceMap;

  constructor(name: string) {
    this.#name = name;
    this.#text = this.#read("generated/index.d.ts");
    this.#map = new TraceMap(this.#read("generated/index.d.ts.map"));
  }

  /** Where each occurrence of a name behind some text leads, from its first character and from behind its last. */
  targets(before: string, name: string): readonly { readonly start: string; readonly end: string }[] {
    return this.#text.split("\n").flatMap((line, index) => {
      const column = line.indexOf(before + name);
      if (column < 0) return [];
      const start = column + before.length;
      return [{ start: this.#follow(index + 1, start), end: this.#follow(index + 1, start + name.length) }];
    });
  }

  #follow(line: number, column: number): string {
    const { source, line: sourceLine, column: sourceColumn } = originalPositionFor(this.#map, { line, column });
    if (source === null) return "nowhere";
    const text = this.#read(join("generated", source)).split("\n")[sourceLine - 1] ?? "";
    return `${source.replace("../", "")}: ${text.slice(sourceColumn)}`;
  }

  #read(path: string): string {
    return readFileSync(join(workspace.dir, this.#name, path), "utf8");
  }
}

describe("names in the declarations lead to their source", () => {
  test("a task, in all four places", () => {
    const declarations = new Declarations("tasks");
    const target = {
      start: "src/contract.ts: cancel: task({ params: { id: z.string() } }),",
      end: "src/contract.ts: : task({ params: { id: z.string() } }),",
    };
    expect(declarations.targets("  readonly ", "cancel")).toEqual([target, target]);
    expect(declarations.targets("  ", "cancel")).toEqual([target]);
    expect(declarations.targets("    ", '"orders.cancel"')).toEqual([{ ...target, end: target.end }]);
  });

  test("the contract, its interfaces and its const", () => {
    const declarations = new Declarations("tasks");
    const start = 'src/contract.ts: orders = contract("orders", {';
    for (const [before, name] of [
      ["export interface ", "Orders "],
      ["export interface ", "OrdersRemote"],
      ["export interface ", "OrdersHandlers"],
      ["export declare const ", "orders"],
    ] as const) {
      expect(declarations.targets(before, name)[0]).toMatchObject({ start });
    }
  });

  test("an exported schema and its fields", () => {
    const declarations = new Declarations("errors-and-progress");
    expect(declarations.targets("export interface ", "OutOfStock")[0]?.start).toBe(
      "src/contract.ts: OutOfStock = z.object({ item: z.string(), since: z.date() });",
    );
    expect(declarations.targets("  ", "since")[0]?.start).toBe("src/contract.ts: since: z.date() });");
  });

  test("a declared error, to where it is declared first", () => {
    const declarations = new Declarations("errors-and-progress");
    expect(declarations.targets("    readonly ", "TooMany")[0]?.start).toMatch(/^src\/contract\.ts: TooMany: z\.object/);
    expect(declarations.targets("    readonly ", "OutOfStock")[0]?.start).toMatch(/^src\/contract\.ts: OutOfStock, TooMany/);
  });

  test("tasks and schemas of other modules", () => {
    const declarations = new Declarations("local-modules");
    expect(declarations.targets("  readonly ", "move")[0]?.start).toMatch(/^src\/tasks\.ts: move: task/);
    expect(declarations.targets("export interface ", "Point")[0]?.start).toBe("src/schemas.ts: Point = z.object({");
    expect(declarations.targets("  ", "x")[0]?.start).toBe("src/schemas.ts: x: z.number(),");
    expect(declarations.targets("export type ", "Shown")[0]?.start).toMatch(/^src\/schemas\.ts: Hidden = z\.object/);
  });

  test("a field behind a getter, in a schema that contains itself", () => {
    const declarations = new Declarations("recursive");
    expect(declarations.targets("  ", "folders")[0]?.start).toBe("src/contract.ts: folders() {");
  });
});
