import { beforeAll, expect, test } from "vitest";
import { mistakes } from "./mistake-table.ts";
import { ligature, type CommandResult } from "./support/ligature.ts";
import { scratch } from "./support/scratch.ts";

/** The folder of row number `index`. */
const folder = (index: number): string => `m${String(index).padStart(2, "0")}`;

let result: CommandResult;

beforeAll(() => {
  const files = mistakes.flatMap(({ source, files: others = {} }, index) => [
    [`${folder(index)}/package.json`, packageJson(index)] as const,
    ...Object.entries({ "src/contract.ts": source, ...others }).map(
      ([path, text]) => [`${folder(index)}/${path}`, text.replace("▸", "")] as const,
    ),
  ]);
  const { dir, remove } = scratch({ "package.json": '{ "workspaces": ["m*"] }', ...Object.fromEntries(files) });
  result = ligature(dir, ["gen"]);
  return remove;
});

test.each(mistakes.map((mistake, index) => ({ ...mistake, index })))("$what", ({ source, files = {}, message, index }) => {
  const path = Object.keys(files).find((file) => files[file]?.includes("▸")) ?? "src/contract.ts";
  const place = position(files[path] ?? source);
  const lines = result.err.split("\n").filter((line) => line.startsWith(`${folder(index)}/`));
  const [line = "nothing was said", ...others] = lines;
  const expected = `${folder(index)}/${path}${place} ${message}`;
  expect(message.endsWith("…") ? `${line.slice(0, expected.length - 1)}…` : line).toBe(expected);
  expect(others).toEqual([]);
});

test("all that is wrong with a contract is said at once, each at its place", () => {
  const { dir, remove } = scratch({
    "package.json": packageJson(0),
    "src/contract.ts": `import { contract, task } from "ligature/contract";
import { z } from "zod";

export const c = contract("c", {
  queu: "c",
  tasks: {
    run: task({ params: { ctx: z.string(), then: z.file() }, ack: "never" as never, errors: { wrong: z.string() } }),
    run: task({ params: { a: z.string().optional(), b: z.string() }, priority: 5 }),
    other: task({ name: "celery.ping", retry: { limit: -1 } }),
  },
});
`,
  });
  try {
    const { code, err } = ligature(dir, ["gen"]);
    expect(code).toBe(1);
    expect(
      err
        .trim()
        .split("\n")
        .map((line) => line.replace(/^src\/contract\.ts:(\d+):\d+ (.{30}).*$/, "$1 $2")),
    ).toMatchInlineSnapshot(`
      [
        "5 c: unknown option "queu". Know",
        "8 "run" is declared twice; JavaS",
        "8 c.run: the required parameter ",
        "8 c.run.priority has no effect: ",
        "9 "celery.ping": names that star",
        "9 c.other.retry.limit must be a ",
      ]
    `);
  } finally {
    remove();
  }
});

test("mistakes make the command fail, without a stack", () => {
  expect(result.code).toBe(1);
  expect(result.err).not.toMatch(/^\s+at /m);
  expect(result.out).toBe("");
});

/** `:line:column` of the marker, or nothing. */
function position(source: string): string {
  const before = source.split("▸")[0] ?? "";
  if (before === source) return "";
  const lines = before.split("\n");
  return `:${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}

function packageJson(index: number): string {
  return JSON.stringify({ name: `@mistake/${folder(index)}`, type: "module", ligature: { contract: "./src/contract.ts" } });
}
