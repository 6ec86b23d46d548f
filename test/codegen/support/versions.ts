import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parseManifest, type Manifest } from "../../../codegen/dist/manifest/index.js";
import { ligature } from "./ligature.ts";
import { scratch } from "./scratch.ts";

/** A contract's module, from its tasks alone where they don't begin with `export`. */
export function moduleOf(text: string, name = "c"): string {
  const isModule = /^\s*(\/\*\*|export|import)[^]*contract\(/.test(text);
  const body = isModule ? text : `export const ${name} = contract("${name}", { tasks: {\n${text}\n} });`;
  return `import { contract, task } from "ligature/contract";\nimport { z } from "zod";\n${body}\n`;
}

/** Contract packages by folder, made from modules and generated all at once. */
export function manifestsOf(
  modules: Readonly<Record<string, string>>,
  packageName: (folder: string) => string,
): ReadonlyMap<string, Manifest> {
  const files = Object.entries(modules).flatMap(([folder, text]) => [
    [
      `${folder}/package.json`,
      JSON.stringify({ name: packageName(folder), type: "module", ligature: { contract: "./src/contract.ts" } }),
    ] as const,
    [`${folder}/src/contract.ts`, text] as const,
  ]);
  const { dir, remove } = scratch({ "package.json": '{ "workspaces": ["*"] }', ...Object.fromEntries(files) });
  try {
    const { code, err } = ligature(dir, ["gen"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return new Map(
      Object.keys(modules).map((folder) => [
        folder,
        parseManifest(readFileSync(join(dir, folder, "contract.json"), "utf8"), folder),
      ]),
    );
  } finally {
    remove();
  }
}
