/**
 * The test suites, in the order in which they run: quick ones first. Each is a folder of test/ and the vitest
 * project of the same name (test/vitest.config.ts); `check` is `npm run check`.
 */
export const suites = [
  { name: "check" },
  { name: "unit" },
  { name: "types" },
  { name: "codegen" },
  { name: "examples" },
  { name: "conformance", rabbitmq: true, redis: true },
  { name: "integration", rabbitmq: true, redis: true },
  { name: "interop", rabbitmq: true, redis: true },
  { name: "chaos", rabbitmq: true, redis: true },
  { name: "package" },
];
