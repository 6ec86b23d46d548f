import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ligature, type CommandResult } from "./support/ligature.ts";
import { scratch } from "./support/scratch.ts";

/** A contract package around the parameters of one task. */
function contractOf(name: string, params: string, before = "", more: object = {}): Readonly<Record<string, string>> {
  return {
    [`${name}/package.json`]: JSON.stringify({ name, type: "module", ligature: { contract: "./src/contract.ts" }, ...more }),
    [`${name}/src/contract.ts`]: `import { contract, task } from "ligature/contract";
import { z } from "zod";
${before}
export const c = contract("c", { tasks: { run: task({ params: ${params} }) } });
`,
  };
}

const sdk = `export interface LenOut { readonly text: string; parts: Part[]; when: Date }
export interface Part { length: number; next?: Part }
export interface Box<T> { value: T }
export interface Socket { send(text: string): void }
`;

let dir: string;
let result: CommandResult;

beforeAll(() => {
  const money = "export class Money { constructor(readonly cents: number) {} }\n";
  const made = scratch({
    "package.json": '{ "workspaces": ["*"] }',
    ...contractOf(
      "sdk",
      "{ out: z.custom<LenOut>(), box: z.custom<Box<number>>() }",
      'import type { Box, LenOut } from "some-sdk";',
    ),
    ...contractOf("socket", "{ socket: z.custom<Socket>() }", 'import type { Socket } from "some-sdk";'),
    ...Object.fromEntries(
      ["sdk", "socket"].flatMap((name) => [
        [`${name}/node_modules/some-sdk/package.json`, '{ "name": "some-sdk", "version": "1.0.0", "types": "./index.d.ts" }'],
        [`${name}/node_modules/some-sdk/index.d.ts`, sdk],
      ]),
    ),
    ...contractOf(
      "mapped",
      "{ a: z.custom<Mutable>(), b: z.custom<Frozen>(), c: z.custom<Getter>(), d: z.custom<Partial<Readonly<Fields>>>() }",
      `interface Fields { readonly one: string; two: number }
type Mutable = { -readonly [K in keyof Fields]: Fields[K] };
type Frozen = Readonly<Fields>;
interface Getter { get three(): string; get four(): string; set four(value: string) }`,
    ),
    ...contractOf(
      "casts",
      "{ kind: Kind, inline: z.string() as unknown as z.ZodType<1 | 2>, inside: z.object({ key: Kind, plain: z.string() }) }",
      'export const Kind = z.string() as unknown as z.ZodType<"a" | "b">;\nexport const Shape = z.object({ n: z.number() }) as unknown as z.ZodType<{ n: 1 }>;',
    ),
    "annotated/package.json": JSON.stringify({ name: "annotated", type: "module", ligature: { contract: "./src/contract.ts" } }),
    "annotated/src/contract.ts": `import { contract, task, type ContractDefinition } from "ligature/contract";
import { z } from "zod";

export const c: ContractDefinition = contract("c", {
  tasks: { run: task({ params: { length: z.string().transform((text) => text.length) } }) },
});
`,
    // As tsup leaves it: one file for all modules.
    ...contractOf(
      "bundled",
      "{ money: z.string().transform((text) => new Money(Number(text))) }",
      'import { Money } from "./money.js";\nexport { Money };',
    ),
    "bundled/src/money.ts": money,
    "bundled/dist/contract.js": "",
    ...contractOf(
      "hidden",
      "{ money: z.string().transform((text) => new Money(Number(text))) }",
      'import { Money } from "./money.js";',
    ),
    "hidden/src/money.ts": money,
    "hidden/dist/contract.js": "",
  });
  dir = made.dir;
  result = ligature(dir, ["gen"]);
  return made.remove;
}, 240_000);

const printed = (name: string): string => readFileSync(join(dir, name, "generated/index.d.ts"), "utf8");
const said = (name: string): readonly string[] => result.err.split("\n").filter((line) => line.startsWith(`${name}/`));

test("data of another package travels, whatever it is called", () => {
  expect(said("sdk")).toEqual([]);
  expect(printed("sdk")).toMatch(/out: \{\s+readonly text: string;\s+parts: Part\[\];\s+when: Date;?\s+\}/);
  expect(printed("sdk")).toContain("interface Part");
  expect(printed("sdk")).toMatch(/box: \{\s*value: number;?\s*\}/);
  expect(printed("sdk")).not.toContain("some-sdk");
});

test("what has methods doesn't", () => {
  expect(said("socket")).toEqual([expect.stringContaining("a Socket can't travel in a message.")]);
});

test("readonly is what the compiler says", () => {
  const text = printed("mapped").replaceAll(/\s+/g, " ");
  expect(text).toMatch(/a: \{ one: string; two: number;? \}/);
  expect(text).toMatch(/b: (\{ readonly one: string; readonly two: number;? \}|Readonly<.*?>)/);
  expect(text).toMatch(/c: \{ readonly three: string; four: string;? \}/);
  expect(text).toMatch(/d: \{ readonly one\?: string( \| undefined)?; readonly two\?: number( \| undefined)?;? \}/);
});

test("what a schema is cast to is printed, wherever the cast stands", () => {
  const text = printed("casts").replaceAll(/\s+/g, " ");
  expect(text).toContain('export type Kind = "a" | "b"');
  expect(text).toMatch(/inline: 1 \| 2/);
  expect(text).toMatch(/key: Kind/);
  expect(text).toMatch(/plain: string/);
  expect(text).toMatch(/Shape (= )?\{ n: 1;? \}/);
});

test("a contract that is called a ContractDefinition, as those that are too large for the compiler are, is read all the same", () => {
  expect(said("annotated")).toEqual([]);
  expect(printed("annotated")).toContain("Handler<[length: number], void>");
});

test("a class of a package that is built as one file is imported from there, or its export is asked for", () => {
  expect(said("bundled")).toEqual([]);
  expect(printed("bundled")).toContain('"../dist/contract.js"');
  expect(printed("bundled")).not.toContain("money.js");
  expect(said("hidden")).toEqual([
    expect.stringContaining(
      "dist/money.js isn't there: the package is built as one file. Export Money from src/contract.ts, too.",
    ),
  ]);
});

test("a package of CommonJS is refused", () => {
  const { dir: other, remove } = scratch(contractOf("p", "{}", "", { type: "commonjs" }));
  try {
    const { code, err } = ligature(join(other, "p"), ["gen"]);
    expect(code).toBe(2);
    expect(err).toContain('a contract package needs "type": "module", not "commonjs"');
  } finally {
    remove();
  }
});
