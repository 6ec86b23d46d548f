import { beforeAll, describe, expect, test } from "vitest";
import { breakingChanges, rules } from "../../codegen/dist/breaking/index.js";
import type { Manifest } from "../../codegen/dist/manifest/index.js";
import { ruleSections, type Example } from "./support/rule-page.ts";
import { manifestsOf, moduleOf } from "./support/versions.ts";

/** The examples of docs/breaking-rules.md, run; what the page says of each rule is what the code says. */
const sections = ruleSections("docs/breaking-rules.md");
const standard = '{ "name": "@acme/processing" }';

let manifests: ReadonlyMap<string, Manifest>;

beforeAll(() => {
  const modules = sections.flatMap(({ name, example }) =>
    (["before", "after"] as const).flatMap((side) => {
      const source = example.file === "package.json" ? "processFile: task({})," : example[side];
      return source === "" ? [] : [[`${name}-${side}`, moduleOf(source, "processing")] as const];
    }),
  );
  manifests = manifestsOf(Object.fromEntries(modules), (folder) => `@test/${folder}`);
}, 240_000);

/** One side of an example; undefined where all of it is gone. */
function version(name: string, side: "before" | "after", { file, [side]: text }: Example): Manifest | undefined {
  const manifest = manifests.get(`${name}-${side}`);
  const packageJson = JSON.parse(file === "package.json" ? text : standard) as { readonly name: string };
  return manifest === undefined ? undefined : { ...manifest, package: packageJson.name };
}

test("the page has the rules of the code, in their order", () => {
  expect(sections.map(({ name }) => name)).toEqual(Object.keys(rules));
});

describe.each(sections)("$name", ({ name, text, example }) => {
  const { categories, summary, fix } = rules[name as keyof typeof rules];

  test("is described as in the code", () => {
    expect(text.startsWith(`**${categories.join(", ")}** ${summary}`)).toBe(true);
    expect(text).toContain(`*Instead:* ${fix}`);
  });

  test("is what the example breaks, and nothing else", () => {
    const [older, newer] = [version(name, "before", example), version(name, "after", example)];
    if (older === undefined) throw new Error("The example has no older version.");
    const found = newer === undefined ? breakingChanges([], [older]) : breakingChanges([{ older, newer }]);
    // A result that fits no callback any more has been widened, too.
    const expected = name === "callback-misfit" ? ["result-widened", name] : [name];
    expect(found.map(({ rule }) => rule)).toEqual(expected);
  });
});
