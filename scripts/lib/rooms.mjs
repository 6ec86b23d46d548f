/**
 * Which folder may import what: lint holds it (lint-plugin.mjs), and `node scripts/graph.mjs` counts by it.
 *
 * A stack lists the rooms of a folder from the ground up: a room imports those of lower floors, by their index.ts; rooms that share a
 * floor don't know each other. Imports of types count. A file may have a floor, too; one without is free within its folder.
 * A room's own folders may have a stack in turn.
 */
export const stacks = {
  src: [
    // The ground: no package, no other folder.
    ["errors", "logging", "timing"],
    ["options"],
    // Contract packages pull in all that these two import: no broker, no codec, and no zod of ours (schema.ts says how schemas are typed).
    ["contract"],
    ["signature"],
    // Loads packages that only some programs install.
    ["peers"],
    // Pure functions, no I/O.
    ["protocol", "redis"],
    // Loaded where somebody has interceptors.
    ["interceptors"],
    // Loaded by what watches an app.
    ["telemetry"],
    ["broker"],
    // The store holds what features of callers and workers keep.
    ["backend", "store"],
    // What leaves a program, for callers and workers alike; and sends that run once.
    ["outgoing", "once"],
    // When schedules tick; what sends them knows neither callers nor workers.
    ["schedules"],
    ["client", "worker", "scheduler"],
    ["app"],
    ["for-generated-code"],
    // Nothing imports these.
    ["health"],
    ["testing", "otel", "prometheus", "cli", "index.ts"],
  ],
  "src/protocol": [["envelope"], ["values"], ["task"], ["result"], ["continue"], ["compose"], ["index.ts"]],
  // Neither broker knows the other; what both need is beside them.
  "src/broker": [["memory", "amqp"], ["open.ts"], ["index.ts"]],
  "src/broker/amqp": [["codec"], ["connection"], ["declare"], ["publish", "consume"], ["amqp-broker.ts"], ["index.ts"]],
  "src/worker": [["answers"], ["request"], ["intake", "pool"], ["create-worker.ts"], ["index.ts"]],
  "monitor/src": [
    ["events", "store", "access", "manifests"],
    ["live", "ingest", "queries"],
    ["actions"],
    ["pages"],
    ["server"],
    ["commands", "index.ts"],
  ],
  "src/backend": [["queue-barrier"], ["memory", "redis", "rpc"], ["open.ts"], ["index.ts"]],
};

/** Rooms whose compiled code stays small: at run time they import these floors and below; of the others, types only, from any file. */
export const typesOnlyAbove = {
  // A contract package's generated code pulls in all that this imports. Each type comes from its own file: an index's declarations would load all of the room's.
  "src/for-generated-code": "src/signature",
};

/** Files that users' compilers read. They import types from the files themselves: an index would make those compilers read the whole room. */
export const publicTypes = [
  "src/index.ts",
  "src/app/app.ts",
  "src/app/app-options.ts",
  "src/app/app-health.ts",
  "src/client/async-result.ts",
  "src/scheduler/scheduler-types.ts",
  "src/schedules/schedule-types.ts",
  "src/client/kept-result.ts",
  "src/protocol/result/received-failure.ts",
  "src/worker/worker.ts",
  "src/worker/worker-options.ts",
  "src/telemetry/telemetry.ts",
  "src/worker/request/task-context.ts",
  "src/worker/request/run-interceptor.ts",
];

/**
 * Files that any room imports by themselves: `import "ligature"` loads them, and their rooms only when an app uses those. An index would
 * load the whole room.
 */
export const frontFiles = [
  "src/backend/open.ts",
  "src/broker/open.ts",
  "src/broker/amqp/connection/address.ts",
  "src/broker/amqp/connection/tls.ts",
  "src/broker/memory/spaces.ts",
  "src/client/front.ts",
  "src/outgoing/current-request.ts",
  "src/redis/address.ts",
  "src/timing/in-words.ts",
  "src/worker/front.ts",
  "src/worker/request/registered-task.ts",
];

/** Rooms that others than their neighbours enter, by their own index.ts. */
export const sideDoors = {
  // The memory backend and the memory store hold what they keep in the memory broker's spaces.
  "src/broker/memory": ["src/backend/memory", "src/store"],
};

/** The only folders that import a package; the runtime (src/) imports no others. */
export const packageOwners = {
  "@lukeed/ms": ["src/contract"],
  amqplib: ["src/broker/amqp"],
  croner: ["src/schedules"],
  ioredis: ["src/redis", "src/backend/redis"],
  piscina: ["src/worker/pool"],
  "@opentelemetry/api": ["src/otel"],
  "prom-client": ["src/prometheus"],
  superjson: ["src/protocol/values"],
  "@bomb.sh/tab": ["src/cli"],
  commander: ["src/cli"],
  tinyqueue: ["src/broker/memory"],
  // codegen/src/read/ and codegen/src/usage/scan/ see syntax trees, and only the former runs contracts: extend the model (codegen/src/model/) with what is missing.
  "ts-morph": ["codegen/src/read", "codegen/src/usage/scan"],
  tsx: ["codegen/src/read"],
  typescript: ["codegen/src/read", "codegen/src/usage/scan"],
};

/** What a folder may not import, as a path from the root or a package's name. The longest folder that holds a file counts. */
export const bounds = {
  src: {
    not: /^(codegen|test|examples|packages|bench|scripts)\/|^ligature($|\/)/,
    why: "The runtime imports nothing but itself.",
  },
  codegen: {
    not: /^src\/|^ligature\/dist\//,
    why: "Import the runtime by its public entry points: ligature, ligature/contract, …",
  },
  monitor: {
    not: /^src\/|^ligature\/dist\//,
    why: "Import the runtime by its public entry points: ligature, ligature/cli, …",
  },
  bench: {
    not: /^src\/|^ligature\/dist\//,
    why: "Import the runtime by its public entry points: ligature, ligature/contract, …",
  },
  examples: {
    not: /^(src|codegen|test)\/|^ligature\/dist\/|^@ligature\/|^(amqplib|ioredis|superjson)($|\/)/,
    why: "Examples use what a user has: ligature, ligature/contract, ligature/testing.",
  },
  packages: {
    not: /^(src|codegen|test|examples)\/|^ligature(\/(generated|testing|dist.*))?$|^@ligature\/|^(amqplib|ioredis|superjson)($|\/)/,
    why: "A contract package imports ligature/contract, its schema library and other contract packages only: every team that uses it pulls in the rest.",
  },
  test: {
    not: /^(src|codegen|monitor)\/(?!dist\/(.*\/)?index\.js$)/,
    why: "Tests import what users do (ligature, ligature/contract, …) or, for internals, what a folder's compiled index offers: src/dist/<folder>/index.js.",
  },
};
