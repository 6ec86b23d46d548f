import { beforeAll, describe, expect, test } from "vitest";
import { breakingChanges, rules } from "../../codegen/dist/breaking/index.js";
import { inFirstForm, parseManifest, saysAll, type Manifest } from "../../codegen/dist/manifest/index.js";
import { changes } from "./breaking-table.ts";
import { manifestsOf, moduleOf } from "./support/versions.ts";

let manifests: ReadonlyMap<string, Manifest>;

beforeAll(() => {
  const modules = changes.flatMap(({ before, after }, index) => [
    [`before-${index}`, moduleOf(before)] as const,
    [`after-${index}`, moduleOf(after)] as const,
  ]);
  manifests = manifestsOf(Object.fromEntries(modules), (folder) => `@test/${folder}`);
}, 240_000);

function version(folder: string): Manifest {
  const manifest = manifests.get(folder);
  if (manifest === undefined) throw new Error(`${folder} was not generated.`);
  return { ...manifest, package: "@test/c" };
}

describe("what a change breaks", () => {
  test.each(changes.map((change, index) => ({ ...change, index })))("$what: $finds", ({ index, finds }) => {
    const found = breakingChanges([{ older: version(`before-${index}`), newer: version(`after-${index}`) }]);
    expect(found.map(({ rule, categories, place }) => `${rule} ${categories.join("+")} ${place}`).sort()).toEqual(
      [...finds].sort(),
    );
  });

  test.each(changes.map((change, index) => ({ ...change, index })))("$what: nothing when it stays as it is", ({ index }) => {
    expect(breakingChanges([{ older: version(`after-${index}`), newer: version(`after-${index}`) }])).toEqual([]);
  });
});

test("a finding has no more categories than its rule", () => {
  for (const index of changes.keys()) {
    for (const { rule, categories } of breakingChanges([
      { older: version(`before-${index}`), newer: version(`after-${index}`) },
    ])) {
      expect(rules[rule as keyof typeof rules].categories).toEqual(expect.arrayContaining([...categories]));
    }
  }
});

test("a manifest of the first form is compared as that form says it", () => {
  const index = changes.findIndex(({ what }) => what === "a new refinement");
  const [older, newer] = [version(`before-${index}`), version(`after-${index}`)];
  const first = parseManifest(JSON.stringify({ ...older, manifest: 1 }), "contract.json");
  expect([saysAll(first), saysAll(newer)]).toEqual([false, true]);
  expect(breakingChanges([{ older: first, newer: inFirstForm(newer) }])).toEqual([]);
  // What users name is theirs.
  const named = { ...newer, $defs: { "x-a": { properties: { "x-b": { "x-checks": ["refine 1"], const: { "x-c": 1 } } } } } };
  expect(inFirstForm(named).$defs).toEqual({ "x-a": { properties: { "x-b": { const: { "x-c": 1 } } } } });
  expect(() => parseManifest(JSON.stringify({ ...newer, manifest: 3 }), "contract.json")).toThrow(/newer @ligature\/codegen/);
});
