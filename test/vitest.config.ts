import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

/** A suite: the tests of the folder of that name. `npm test -- <suite>` runs one, scripts/lib/suites.mjs lists them. */
function suite(name: string, options: TestProjectInlineConfiguration["test"] = {}): TestProjectInlineConfiguration {
  const globalSetup = ["support/require-programs.ts", options.globalSetup ?? []].flat();
  return { extends: true, test: { name, include: [`${name}/**/*.test.ts`], ...options, globalSetup } };
}

/** Two files at once for tests that mostly wait for other processes, where vitest would leave the second of two cores alone. */
const twoAtOnce = { maxWorkers: Math.max(2, availableParallelism() - 1), sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    exclude: ["**/node_modules/**", "**/dist/**"],
    // What a test waits for has a deadline of its own, which is shorter (support/patience.ts).
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      suite("unit"),
      suite("types"),
      suite("codegen", twoAtOnce),
      suite("conformance", twoAtOnce),
      suite("integration", twoAtOnce),
      suite("interop", twoAtOnce),
      suite("chaos", { maxWorkers: 1, fileParallelism: false }),
      suite("examples"),
      suite("monitor", twoAtOnce),
      suite("package", { globalSetup: "package/setup.ts" }),
    ],
  },
});
