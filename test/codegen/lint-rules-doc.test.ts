import { beforeAll, describe, expect, test } from "vitest";
import type { Manifest } from "../../codegen/dist/manifest/index.js";
import { findLint, lintRules } from "../../codegen/dist/lint/index.js";
import { ruleSections } from "./support/rule-page.ts";
import { manifestsOf, moduleOf } from "./support/versions.ts";

/** The examples of docs/lint-rules.md, run; what the page says of each rule is what the code says. */
const sections = ruleSections("docs/lint-rules.md");
/** Another contract of the same workspace. */
const neighbour = 'export const neighbour = contract("neighbour", { queue: "work", tasks: { rest: task({}) } });';

let manifests: ReadonlyMap<string, Manifest>;

beforeAll(() => {
  const modules = sections.flatMap(({ name, example }) => [
    [`${name}-before`, moduleOf(example.before)] as const,
    [`${name}-after`, moduleOf(example.after)] as const,
  ]);
  manifests = manifestsOf(Object.fromEntries([...modules, ["neighbour", moduleOf(neighbour)]]), (folder) => `@test/${folder}`);
});

function found(folder: string): readonly string[] {
  const [manifest, other] = [manifests.get(folder), manifests.get("neighbour")];
  if (manifest === undefined || other === undefined) throw new Error(`${folder} was not generated.`);
  return findLint([manifest], [manifest, other]).findings.map(({ rule }) => rule);
}

test("the page has the rules of the code, in their order", () => {
  expect(sections.map(({ name }) => name)).toEqual(Object.keys(lintRules));
});

describe.each(sections)("$name", ({ name, text }) => {
  const { severity, summary, fix } = lintRules[name as keyof typeof lintRules];

  test("is described as in the code", () => {
    expect(text.startsWith(`**${severity}** ${summary}`)).toBe(true);
    expect(text).toContain(`*Instead:* ${fix}`);
  });

  test("is all that is found in the example, and nothing once it is mended", () => {
    expect(new Set(found(`${name}-before`))).toEqual(new Set([name]));
    expect(found(`${name}-after`)).toEqual([]);
  });
});
