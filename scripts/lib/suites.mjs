/**
 * The test suites, in the order in which they run: quick ones first. Each is a folder of test/ and the vitest
 * project of the same name (test/vitest.config.ts); `check` is `npm run check`.
 *
 * `services` run beside all its tests, and are found by a URL. `programs` (programs.mjs) are what its tests start themselves.
 * Those that mostly wait (`waits`) run beside the others.
 * `newer` runs the tests of others against a newer Debian's RabbitMQ, Redis and Celery (debian-root.mjs), where there can be one,
 * and where it is asked for by name.
 */
export const suites = [
  { name: "check" },
  { name: "unit" },
  { name: "types" },
  { name: "codegen", programs: ["git", "chromium"] },
  { name: "examples" },
  { name: "monitor", services: ["rabbitmq"], programs: ["chromium", "celery"] },
  { name: "conformance", services: ["rabbitmq", "redis"] },
  { name: "integration", services: ["rabbitmq", "redis"], programs: ["rabbitmq", "redis", "openssl"], waits: true },
  { name: "interop", services: ["rabbitmq", "redis"], programs: ["celery", "mypy"] },
  { name: "chaos", services: ["rabbitmq", "redis"], programs: ["rabbitmq"], waits: true },
  { name: "package" },
  // The services are those of the root, and are started in it.
  {
    name: "newer",
    projects: ["conformance", "interop"],
    programs: ["debootstrap"],
    inRoot: true,
    onlyWhenNamed: "It makes a Debian 13 of its own first. Name it: npm test -- newer",
  },
];

/** Where tests find a service that runs: a variable of the environment. */
export const urlVariables = { rabbitmq: "AMQP_URL", redis: "REDIS_URL" };

/** What a suite needs of the machine. A service that a URL names isn't started here. */
export function programsOf({ services = [], programs = [] }) {
  return [...new Set([...services.filter((service) => !process.env[urlVariables[service]]), ...programs])];
}
