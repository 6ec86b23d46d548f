import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { command, ligature, type CommandResult } from "./support/ligature.ts";
import { scratch, scratchOfTest } from "./support/scratch.ts";

const casesDir = join(import.meta.dirname, "cases");
const cases = readdirSync(casesDir).sort();
const outputs = ["generated/index.js", "generated/index.d.ts", "generated/index.d.ts.map", "contract.json"];

interface Setup {
  readonly workspaces: readonly string[];
  readonly below: string;
  readonly change?: (source: string) => string;
}

/** All cases in a workspace of their own; returns what `ligature gen`, run from inside it, makes of them. */
async function generateAll(
  { workspaces, below, change = String }: Setup,
  run: (home: string) => CommandResult | Promise<CommandResult> = (home) => command(home, ["gen"]),
): Promise<ReadonlyMap<string, string>> {
  const { dir, remove } = scratch({ "package.json": JSON.stringify({ workspaces }) });
  try {
    const home = join(dir, below);
    mkdirSync(home, { recursive: true });
    for (const name of cases) {
      cpSync(join(casesDir, name), join(home, name), { recursive: true, filter: (path) => !path.includes("expected") });
      for (const file of readdirSync(join(home, name, "src"))) {
        const path = join(home, name, "src", file);
        writeFileSync(path, change(readFileSync(path, "utf8")));
      }
    }
    expect(await run(home)).toMatchObject({ code: 0, err: "" });
    return new Map(
      cases.flatMap((name) => outputs.map((file) => [`${name}/${file}`, readFileSync(join(home, name, file), "utf8")])),
    );
  } finally {
    remove();
  }
}

let here: ReadonlyMap<string, string>;
beforeAll(async () => {
  here = await generateAll({ workspaces: ["*"], below: "." });
});

test("the same contracts give the same bytes, wherever and in whatever order they are read", async () => {
  const workspaces = [...cases].reverse().map((name) => `some/where/else/${name}`);
  const env = { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", COLUMNS: "40", NODE_ENV: "production" };
  const elsewhere = await generateAll({ workspaces, below: "some/where/else" }, (home) => ligature(home, ["gen"], env));
  expect(Object.fromEntries(elsewhere)).toEqual(Object.fromEntries(here));
});

test("line ends of Windows in the source change nothing", async () => {
  const windows = await generateAll({ workspaces: ["*"], below: ".", change: (source) => source.replaceAll("\n", "\r\n") });
  expect(Object.fromEntries(windows)).toEqual(Object.fromEntries(here));
});

test("generated files name no time and no place of this machine", () => {
  for (const [path, text] of here) {
    expect(text, path).not.toMatch(/\/tmp\/|file:\/\/|\r/);
    // A hash may hold the same digits.
    expect(text, path).not.toMatch(new RegExp(`\\b${new Date().getFullYear()}\\b`));
  }
});

test("an unchanged contract is recognised without loading what reads contracts", () => {
  const dir = scratchOfTest({ "package.json": '{ "workspaces": ["tasks"] }' });
  cpSync(join(casesDir, "tasks"), join(dir, "tasks"), { recursive: true });
  expect(ligature(dir, ["gen"]).out).toContain("tasks  wrote");

  // Only codegen's own modules are left, and Ligature, whose commands they are: no ts-morph, no tsx, no zod.
  const codegen = join(import.meta.dirname, "../../codegen");
  const modules = join(dir, "node_modules");
  rmSync(modules);
  for (const part of ["dist", "package.json"])
    cpSync(join(codegen, part), join(modules, "@ligature/codegen", part), { recursive: true });
  symlinkSync(join(codegen, "../src"), join(modules, "ligature"));
  expect(ligature(dir, ["gen"])).toMatchObject({ code: 0, err: "", out: expect.stringContaining("tasks  unchanged") });
  expect(ligature(dir, ["gen", "--force"]).code).not.toBe(0);
});
