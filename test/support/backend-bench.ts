import { randomUUID } from "node:crypto";
import { silentLogger, type Logger } from "ligature";
import { afterAll, afterEach } from "vitest";
import type { ResultBackend } from "../../src/dist/backend/index.js";
import type { Broker } from "../../src/dist/broker/index.js";
import type { StoredResult, TaskState } from "../../src/dist/protocol/index.js";
import { amqpUrl, redisUrl } from "./brokers.ts";
import { deleteQueues } from "./raw-amqp.ts";
import { openBackend, openBroker } from "./open.ts";

/** What conformance tests of backends run against. */
export const backends: readonly BackendUrls[] = [
  { name: "memory://", url: () => "memory://", broker: () => "memory://", joins: "queues" },
  { name: "rpc:// over the memory broker", url: () => "rpc://", broker: () => "memory://", joins: "queues" },
  { name: "rpc:// over RabbitMQ", url: () => "rpc://", broker: amqpUrl, joins: "queues" },
  { name: "redis://", url: redisUrl, broker: () => "memory://", joins: "keys" },
];

export interface BackendUrls {
  readonly name: string;
  readonly url: () => string;
  readonly broker: () => string;
  /** How chords are joined. */
  readonly joins: "queues" | "keys";
}

export interface BackendHandle {
  readonly backend: ResultBackend;
  readonly broker: Broker;
}

export interface BackendBench {
  /** One app's backend, on a broker of its own. All of one test share results; those of others don't. */
  open(options?: { readonly log?: Logger; readonly resultExpires?: number; readonly maxPayload?: number }): BackendHandle;
}

/** To be called in a `describe`. */
export function backendBench(urls: Pick<BackendUrls, "url" | "broker">): BackendBench {
  const opened: BackendHandle[] = [];
  const replyQueues: string[] = [];
  let space = randomUUID();

  afterEach(async () => {
    for (const { backend, broker } of opened.splice(0)) {
      await backend.close();
      await broker.close();
    }
    space = randomUUID();
  });
  afterAll(async () => {
    if (replyQueues.length > 0 && !urls.broker().startsWith("memory:")) await deleteQueues(urls.broker(), replyQueues);
  });

  const inSpace = (url: string): string => (url === "memory://" ? `memory://${space}` : url);
  return {
    open({ log = silentLogger, resultExpires = 60_000, maxPayload = 4 * 1024 * 1024 } = {}) {
      const name = "conformance";
      const broker = openBroker(inSpace(urls.broker()), {
        name,
        log,
        publishTimeout: 30_000,
        maxPayload,
        maxUnconfirmed: 10_000,
      });
      const backend = openBackend(inSpace(urls.url()), { name, broker, log, resultExpires });
      opened.push({ backend, broker });
      if (backend.replyTo !== undefined) replyQueues.push(backend.replyTo);
      return { backend, broker };
    },
  };
}

/** A result in its simplest form. */
export function resultOf(id: string, result: unknown, status: TaskState = "SUCCESS"): StoredResult {
  return { task_id: id, status, result, traceback: null, children: [] };
}
