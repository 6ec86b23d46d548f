import { beforeAll, describe, expect, test } from "vitest";
import type { Manifest } from "../../codegen/dist/manifest/index.js";
import { manifestsOf, moduleOf } from "./support/versions.ts";

const base = `
/** What was found. */
export const Found = z.object({ rows: z.number(), at: z.date().optional() });
export const c = contract("c", {
  tasks: {
    /** Converts a file. */
    run: task({
      params: { path: z.string(), strict: z.boolean().default(false) },
      returns: Found,
      errors: { Bad: z.object({ line: z.number() }), Worse: z.object({}) },
      progress: z.number(),
    }),
  },
});`;

/** Edits of the source as pairs: what to replace, and by what. */
const same: readonly (readonly [what: string, ...edits: readonly (readonly [RegExp, string])[]])[] = [
  ["a type's name", [/Found/g, "Report"]],
  ["a type's comment", [/What was found/, "The finds"]],
  ["a task's comment", [/Converts a file/, "Does it"]],
  ["@deprecated", [/Converts a file\./, "@deprecated use another"]],
  ["a description in the schema", [/z\.string\(\)/, 'z.string().describe("where")']],
  ["a type that isn't exported any more", [/export const Found/, "const Found"]],
  ["a schema in place of a name", [/returns: Found/, "returns: z.object({ rows: z.number(), at: z.date().optional() })"]],
  [
    "the order of keys in an object",
    [/rows: z\.number\(\), at: z\.date\(\)\.optional\(\)/, "at: z.date().optional(), rows: z.number()"],
  ],
  [
    "the order of errors",
    [
      /Bad: z\.object\(\{ line: z\.number\(\) \}\), Worse: z\.object\(\{\}\)/,
      "Worse: z.object({}), Bad: z.object({ line: z.number() })",
    ],
  ],
  ["a default", [/default\(false\)/, "default(true)"]],
  ["the task's key, its name on the wire kept", [/run: task\(\{/, 'go: task({ name: "c.run",']],
  ["another task beside it", [/tasks: \{/, "tasks: { other: task({}),"]],
  ["the queue", [/tasks: \{/, 'queue: "q", tasks: {']],
  [
    "delivery",
    [
      /progress: z\.number\(\),/,
      'progress: z.number(), retry: { limit: 9 }, timeLimit: { hard: "1h" }, expires: "1d", ack: "early",',
    ],
  ],
  ["what is allowed", [/progress: z\.number\(\),/, 'progress: z.number(), allow: { "ack-changed": "why not" },']],
  ["white space and imports", [/returns: Found/, "returns:\n\n        Found"]],
];

const other: typeof same = [
  ["the name on the wire", [/params/, 'name: "c.go", params']],
  ["a parameter's name", [/path:/, "file:"]],
  ["a parameter's type", [/path: z\.string\(\)/, "path: z.number()"]],
  ["a parameter's length", [/path: z\.string\(\)/, "path: z.string().max(5)"]],
  ["a parameter that may not be left out", [/z\.boolean\(\)\.default\(false\)/, "z.boolean()"]],
  ["a parameter more", [/strict:/, "extra: z.string(), strict:"]],
  ["a parameter less", [/, strict: z\.boolean\(\)\.default\(false\)/, ""]],
  [
    "the order of parameters",
    [/path: z\.string\(\), strict: z\.boolean\(\)\.default\(false\)/, "strict: z.boolean(), path: z.string()"],
  ],
  ["the result's type", [/rows: z\.number\(\)/, "rows: z.string()"]],
  ["a key of the result", [/rows:/, "lines:"]],
  ["a key that may be missing", [/z\.date\(\)\.optional\(\)/, "z.date()"]],
  ["a Date that becomes its text", [/z\.date\(\)/, "z.iso.datetime()"]],
  ["no result", [/returns: Found,/, ""]],
  ["an error more", [/Worse:/, "Worst: z.object({}), Worse:"]],
  ["an error less", [/, Worse: z\.object\(\{\}\)/, ""]],
  ["an error's name", [/Worse/, "Worst"]],
  ["an error's data", [/line: z\.number\(\)/, "line: z.string()"]],
  ["progress", [/progress: z\.number\(\)/, "progress: z.string()"]],
  ["no progress", [/progress: z\.number\(\),/, ""]],
];

let manifests: ReadonlyMap<string, Manifest>;

beforeAll(() => {
  const edited = (edits: readonly (readonly [RegExp, string])[]): string => {
    const text = edits.reduce((source, [from, to]) => source.replace(from, to), base);
    expect(text).not.toBe(base);
    return moduleOf(text);
  };
  manifests = manifestsOf(
    Object.fromEntries([
      ["base", moduleOf(base)],
      ...same.map(([, ...edits], index) => [`same-${index}`, edited(edits)]),
      ...other.map(([, ...edits], index) => [`other-${index}`, edited(edits)]),
    ]) as Readonly<Record<string, string>>,
    (folder) => `@test/${folder}`,
  );
});

function fingerprint(folder: string): string | undefined {
  const tasks = Object.values(manifests.get(folder)?.tasks ?? {});
  return tasks.find(({ key }) => key === "run" || key === "go")?.fingerprint;
}

describe("a task's fingerprint", () => {
  test("is twelve hexadecimal digits", () => {
    expect(fingerprint("base")).toMatch(/^[0-9a-f]{12}$/);
  });

  test.each(same.map(([what], index) => ({ what, index })))("doesn't change with $what", ({ index }) => {
    expect(fingerprint(`same-${index}`)).toBe(fingerprint("base"));
  });

  test.each(other.map(([what], index) => ({ what, index })))("changes with $what", ({ index }) => {
    expect(fingerprint(`other-${index}`)).not.toBe(fingerprint("base"));
  });

  test("is another for each of them", () => {
    expect(new Set(other.map((_, index) => fingerprint(`other-${index}`))).size).toBe(other.length);
  });
});
