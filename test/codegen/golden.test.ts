import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ligature } from "./support/ligature.ts";
import { scratch, type Scratch } from "./support/scratch.ts";
import { compile, differentTypes, strictest } from "./support/tsc.ts";

const casesDir = join(import.meta.dirname, "cases");
const cases = readdirSync(casesDir).sort();

/** The files that are compared; the declaration map has tests of its own. */
const expected = ["generated/index.d.ts", "generated/index.js", "contract.json"];

/** The header's version and hashes change with every release and every comment; what they are is tested elsewhere. */
function withoutHashes(text: string): string {
  return text.replace(/codegen@\S+ from (\S+) · [0-9a-f]{12}-[0-9a-f]{12} ·/, "codegen@<version> from $1 · <inputs>-<text> ·");
}

let workspace: Scratch;

beforeAll(() => {
  workspace = scratch({ "package.json": '{ "type": "module", "workspaces": ["*"] }' });
  for (const name of cases) {
    cpSync(join(casesDir, name), join(workspace.dir, name), { recursive: true, filter: (path) => !path.includes("expected") });
  }
  const { code, err } = ligature(workspace.dir, ["gen"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return () => workspace.remove();
});

describe.each(cases)("%s", (name) => {
  test.each(expected)("%s is as expected", async (file) => {
    const text = readFileSync(join(workspace.dir, name, file), "utf8");
    await expect(withoutHashes(text)).toMatchFileSnapshot(join(casesDir, name, "expected", file));
  });
});

test("everything that was generated compiles, under the strictest options", () => {
  const { dir } = workspace;
  const compilerOptions = { ...strictest, rewriteRelativeImportExtensions: true, rootDir: ".", outDir: "built" };
  const include = cases.flatMap((name) => [`${name}/src`, `${name}/generated`]);
  writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions, include }));
  expect(compile(dir, "-p", ".")).toBe("");
});

test("the types of exported schemas are what zod infers", () => {
  const imports: string[] = ['import type { z } from "zod";'];
  const pairs = cases.flatMap((name, index) => {
    const manifest = JSON.parse(readFileSync(join(workspace.dir, name, "contract.json"), "utf8")) as {
      readonly types: Readonly<Record<string, { readonly input: string; readonly output: string }>>;
    };
    imports.push(`import type * as source${index} from "./${name}/src/contract.js";`);
    imports.push(`import type * as generated${index} from "./${name}/generated/index.js";`);
    return Object.entries(manifest.types).flatMap(([schema, types]) =>
      (["input", "output"] as const).map((side) => ({
        left: `z.${side}<typeof source${index}.${schema}>`,
        right: `generated${index}.${types[side]}`,
        // Types that contain themselves, and intersections, are never identical for the compiler.
        compare: "mutual" as const,
      })),
    );
  });
  expect(pairs.length).toBeGreaterThan(50);
  expect(differentTypes(workspace.dir, imports.join("\n"), pairs)).toEqual([]);
});
