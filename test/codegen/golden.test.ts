import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { builtCases, casesDir } from "./support/cases.ts";
import type { Scratch } from "./support/scratch.ts";
import { compilers, compileWith, differentTypes, strictest, type Comparison } from "./support/tsc.ts";

const cases = readdirSync(casesDir).sort();

/** The files that are compared; the declaration map has tests of its own. */
const expected = ["generated/index.d.ts", "generated/index.js", "contract.json"];

/** The header's version and hashes change with every release and every comment; what they are is tested elsewhere. */
function withoutHashes(text: string): string {
  return text.replace(/codegen@\S+ from (\S+) · [0-9a-f]{12}-[0-9a-f]{12} ·/, "codegen@<version> from $1 · <inputs>-<text> ·");
}

let workspace: Scratch;

beforeAll(() => {
  workspace = builtCases(cases);
  return () => workspace.remove();
});

describe.each(cases)("%s", (name) => {
  test.each(expected)("%s is as expected", async (file) => {
    const text = readFileSync(join(workspace.dir, name, file), "utf8");
    await expect(withoutHashes(text)).toMatchFileSnapshot(join(casesDir, name, "expected", file));
  });
});

test.each(compilers)("everything that was generated compiles with %s, under the strictest options", (compiler) => {
  const { dir } = workspace;
  const config = `tsconfig.${compiler}.json`;
  const files = cases.map((name) => `${name}/generated/index.d.ts`);
  // As new as the oldest of them knows; AbortSignal and URL come with the DOM or with Node.
  const compilerOptions = { ...strictest, target: "es2022", lib: ["es2023", "dom"], noEmit: true };
  writeFileSync(join(dir, config), JSON.stringify({ compilerOptions, files }));
  expect(compileWith(compiler, dir, "-p", config)).toBe("");
});

interface Manifest {
  readonly contract: string;
  readonly types: Readonly<Record<string, { readonly input: string; readonly output: string }>>;
  readonly tasks: Readonly<
    Record<string, { readonly key: string; readonly params: readonly { readonly name: string }[]; readonly returns: unknown }>
  >;
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(workspace.dir, name, "contract.json"), "utf8")) as Manifest;
}

// Types that contain themselves, and intersections, are never identical for the compiler.
const compare = "mutual" as const;
const imports = ['import type { z } from "zod";'].concat(
  cases.flatMap((name, index) => [
    `import type * as source${index} from "./${name}/src/contract.js";`,
    `import type * as generated${index} from "./${name}/generated/index.js";`,
  ]),
);

/** Schemas with a type that another module than the contract's exports. */
const elsewhere: Readonly<Record<string, string>> = { Path: "schemas", Speed: "more" };

function schemaIn(name: string, index: number, schema: string): string {
  const module = name === "local-modules" ? elsewhere[schema] : undefined;
  return module === undefined ? `source${index}.${schema}` : `import("./${name}/src/${module}.js").${schema}`;
}

test("the types of exported schemas are what zod infers", () => {
  const pairs = cases.flatMap((name, index) =>
    Object.entries(manifestOf(name).types).flatMap(([schema, types]) =>
      (["input", "output"] as const).map((side) => ({
        left: `z.${side}<typeof ${schemaIn(name, index, schema)}>`,
        right: `generated${index}.${types[side]}`,
        compare,
      })),
    ),
  );
  expect(pairs.length).toBeGreaterThan(50);
  expect(differentTypes(workspace.dir, imports.join("\n"), pairs)).toEqual([]);
});

/** What we print is wider for byte arrays, which may be over any kind of buffer, and for enums, whose values will do. */
const wider: ReadonlySet<string> = new Set(["bytes", "level", "high"]);
const how = (param: string): { readonly compare: Comparison } => ({ compare: wider.has(param) ? "assignable" : compare });

test("what tasks take and return is what their schemas say, on each side", () => {
  const pairs = cases.flatMap((name, index) => {
    const { contract, tasks } = manifestOf(name);
    const definition = name === "local-modules" ? "default" : contract;
    return Object.values(tasks).flatMap(({ key, params, returns }) => {
      const options = `NonNullable<typeof source${index}.${definition}["~options"]>["tasks"]["${key}"]["~task"]`;
      const task = `(typeof generated${index}.${contract})["${key}"]`;
      const handler = `Extract<Handlers<typeof generated${index}.${contract}>["${key}"], (...args: never) => unknown>`;
      const args = params.flatMap((param, place) => [
        {
          left: `z.input<${options}["params"]["${param.name}"]>`,
          right: `NonNullable<${task}["~args"]>[${place}]`,
          ...how(param.name),
        },
        {
          left: `z.output<${options}["params"]["${param.name}"]>`,
          right: `Parameters<${handler}>[${place}]`,
          ...how(param.name),
        },
      ]);
      const output = returns === null ? "void" : `z.output<${options}["returns"]>`;
      const input = returns === null ? "void" : `z.input<${options}["returns"]>`;
      return [
        ...args,
        { left: String(params.length), right: `NonNullable<Required<NonNullable<${task}["~args"]>>>["length"]`, compare },
        { left: output, right: `ReturnType<NonNullable<${task}["~result"]>>`, compare },
        { left: input, right: `Awaited<ReturnType<${handler}>>`, compare },
      ];
    });
  });
  expect(pairs.length).toBeGreaterThan(100);
  const prelude = [
    ...imports,
    'import type { Contract } from "ligature/generated";',
    "type Handlers<C> = C extends Contract<unknown, infer H> ? H : never;",
  ];
  expect(differentTypes(workspace.dir, prelude.join("\n"), pairs)).toEqual([]);
});
