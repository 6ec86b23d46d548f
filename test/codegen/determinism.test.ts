import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ligature } from "./support/ligature.ts";
import { scratchOfTest } from "./support/scratch.ts";

const casesDir = join(import.meta.dirname, "cases");
const cases = readdirSync(casesDir).sort();
const outputs = ["generated/index.js", "generated/index.d.ts", "generated/index.d.ts.map", "contract.json"];

/** All cases in a workspace of their own; returns what `ligature gen`, run from inside it, makes of them. */
function generateAll(setup: {
  readonly workspaces: readonly string[];
  readonly below: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly change?: (source: string) => string;
}): ReadonlyMap<string, string> {
  const dir = scratchOfTest({ "package.json": JSON.stringify({ workspaces: setup.workspaces }) });
  const home = join(dir, setup.below);
  mkdirSync(home, { recursive: true });
  for (const name of cases) {
    cpSync(join(casesDir, name), join(home, name), { recursive: true, filter: (path) => !path.includes("expected") });
    for (const file of readdirSync(join(home, name, "src"))) {
      const path = join(home, name, "src", file);
      writeFileSync(path, (setup.change ?? String)(readFileSync(path, "utf8")));
    }
  }
  expect(ligature(home, ["gen"], setup.env)).toMatchObject({ code: 0, err: "" });
  return new Map(
    cases.flatMap((name) => outputs.map((file) => [`${name}/${file}`, readFileSync(join(home, name, file), "utf8")])),
  );
}

test("the same contracts give the same bytes, wherever and in whatever order they are read", () => {
  const here = generateAll({ workspaces: ["*"], below: "." });
  const elsewhere = generateAll({
    workspaces: [...cases].reverse().map((name) => `some/where/else/${name}`),
    below: "some/where/else",
    env: { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", COLUMNS: "40", NODE_ENV: "production" },
  });
  expect(Object.fromEntries(elsewhere)).toEqual(Object.fromEntries(here));
});

test("line ends of Windows in the source change nothing", () => {
  const unix = generateAll({ workspaces: ["*"], below: "." });
  const windows = generateAll({ workspaces: ["*"], below: ".", change: (source) => source.replaceAll("\n", "\r\n") });
  expect(Object.fromEntries(windows)).toEqual(Object.fromEntries(unix));
});

test("generated files name no time and no place of this machine", () => {
  for (const [path, text] of generateAll({ workspaces: ["*"], below: "." })) {
    expect(text, path).not.toMatch(/\/tmp\/|file:\/\/|\r/);
    expect(text, path).not.toContain(String(new Date().getFullYear()));
  }
});

test("an unchanged contract is recognised without loading what reads contracts", () => {
  const dir = scratchOfTest({ "package.json": '{ "workspaces": ["tasks"] }' });
  cpSync(join(casesDir, "tasks"), join(dir, "tasks"), { recursive: true });
  expect(ligature(dir, ["gen"]).out).toContain("tasks  wrote");

  // Only codegen's own modules are left: no ts-morph, no tsx, no zod, no Ligature.
  const codegen = join(import.meta.dirname, "../../codegen");
  const modules = join(dir, "node_modules");
  rmSync(modules);
  for (const part of ["dist", "package.json"])
    cpSync(join(codegen, part), join(modules, "@ligature/codegen", part), { recursive: true });
  expect(ligature(dir, ["gen"])).toMatchObject({ code: 0, err: "", out: expect.stringContaining("tasks  unchanged") });
  expect(ligature(dir, ["gen", "--force"]).code).not.toBe(0);
});
