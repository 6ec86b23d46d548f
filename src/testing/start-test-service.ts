import { randomUUID } from "node:crypto";
import { createApp, type App, type RunInterceptors } from "../app/index.ts";
import { silentLogger, type Logger } from "../logging/index.ts";
import type { Contract } from "../signature/index.ts";
import type { ContextOf, HandlersWith, RunInterceptor, Worker, WorkerOptions } from "../worker/index.ts";

export interface TestServiceOptions extends WorkerOptions {
  /** @default silent */
  readonly log?: Logger;
  /** A broker URL to share with other apps of the test. @default a memory broker of its own */
  readonly broker?: string;
}

/** A running service, for tests: its stubs, its app, its worker. */
export interface TestService<Remote> extends AsyncDisposable {
  readonly remote: Remote;
  readonly app: App;
  readonly worker: Worker;
  /** The broker's URL: an app created with it talks to this service. */
  readonly broker: string;
  close(): Promise<void>;
}

/**
 * Runs handlers behind a real worker on a memory broker, in this process: same codecs, same validation, same
 * rules of delivery as on RabbitMQ, no sockets.
 * @example await using service = await startTestService(processing, handlers); await service.remote.processFile("a.csv");
 */
export async function startTestService<Remote, Handlers, const Run extends readonly RunInterceptor[] = []>(
  contract: Contract<Remote, Handlers>,
  handlers: NoInfer<HandlersWith<Handlers, ContextOf<Run>>>,
  options: TestServiceOptions & RunInterceptors<Run> = {},
): Promise<TestService<Remote>> {
  const { log = silentLogger, broker = `memory://test-${randomUUID()}`, ...workerOptions } = options;
  const app = createApp({ name: "test", broker, log });
  // The compiler has held the three against each other, where this was called.
  const plain: WorkerOptions = workerOptions;
  const worker = app.worker<unknown, readonly RunInterceptor[]>(contract, handlers, plain);
  await worker.start();
  const close = (): Promise<void> => app.close();
  return { remote: app.remote(contract), app, worker, broker, close, [Symbol.asyncDispose]: close };
}
