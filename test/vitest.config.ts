import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

/** A suite: the tests of the folder of that name. `npm test -- <suite>` runs one, scripts/lib/suites.mjs lists them. */
function suite(name: string, options: TestProjectInlineConfiguration["test"] = {}): TestProjectInlineConfiguration {
  return { extends: true, test: { name, include: [`${name}/**/*.test.ts`], ...options } };
}

/** Two files at once for tests that mostly wait for other processes, where vitest would leave the second of two cores alone. */
const twoAtOnce = { maxWorkers: Math.max(2, availableParallelism() - 1), sequence: { groupOrder: 1 } };

/** These need a RabbitMQ and a Redis: AMQP_URL and REDIS_URL in the environment, which `npm test` sets. */
const withServices = {
  globalSetup: ["support/require-rabbitmq.ts", "support/require-redis.ts"],
  testTimeout: 30_000,
  hookTimeout: 60_000,
  ...twoAtOnce,
};

export default defineConfig({
  test: {
    exclude: ["**/node_modules/**", "**/dist/**"],
    projects: [
      // Generous: some run hundreds of random cases, and the machine may be busy.
      suite("unit", { testTimeout: 60_000, hookTimeout: 60_000 }),
      // These start compilers.
      suite("types", { testTimeout: 120_000, hookTimeout: 120_000 }),
      suite("codegen", { testTimeout: 60_000, hookTimeout: 60_000, ...twoAtOnce }),
      suite("conformance", withServices),
      suite("integration", withServices),
      suite("interop", withServices),
      suite("chaos", { ...withServices, testTimeout: 120_000, hookTimeout: 120_000, maxWorkers: 1, fileParallelism: false }),
      // These start a PostgreSQL, as WebAssembly.
      suite("examples", { testTimeout: 60_000, hookTimeout: 60_000 }),
      // This starts package managers.
      suite("package", { globalSetup: "package/setup.ts", testTimeout: 180_000, hookTimeout: 180_000 }),
    ],
  },
});
