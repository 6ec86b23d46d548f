import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ligature } from "./ligature.ts";
import { scratch, type Scratch } from "./scratch.ts";
import { compile, strictest } from "./tsc.ts";

/** The golden cases: a folder each. */
export const casesDir: string = join(import.meta.dirname, "..", "cases");

/** Cases in a workspace of their own, generated and, so that what was generated can import them, compiled: in one run. */
export function builtCases(names: readonly string[]): Scratch {
  const workspace = scratch({ "package.json": '{ "type": "module", "workspaces": ["*"] }' });
  const { dir } = workspace;
  for (const name of names) {
    cpSync(join(casesDir, name), join(dir, name), { recursive: true, filter: (path) => !path.includes("expected") });
  }
  const { code, err } = ligature(dir, ["gen"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const compilerOptions = {
    ...strictest,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    rootDir: ".",
    outDir: "built",
  };
  writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*/src"] }));
  expect(compile(dir, "-p", ".")).toBe("");
  for (const name of names) symlinkSync(`../built/${name}/src`, join(dir, name, "dist"));
  return workspace;
}
