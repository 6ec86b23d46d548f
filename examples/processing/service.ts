import { processing } from "@example/processing";
import { createApp, type Logger } from "ligature";
import { createHandlers } from "./handlers.ts";

export interface ProcessingOptions {
  readonly broker: string;
  /** @default what goes with the broker */
  readonly backend?: string | undefined;
  readonly log: Logger;
  /** Reads each file no faster than this. @default no limit */
  readonly bytesPerSecond?: number | undefined;
}

export interface RunningService {
  /** Takes no more requests, lets running ones finish, disconnects. */
  close(): Promise<void>;
}

/** Resolves once the service takes requests. */
export async function startProcessing({ broker, backend, log, bytesPerSecond }: ProcessingOptions): Promise<RunningService> {
  const app = createApp({ name: "processing", broker, log, ...(backend !== undefined && { backend }) });
  const worker = app.worker(processing, createHandlers({ bytesPerSecond }), {
    // Reading is mostly computing, so more at a time would not be faster; but quick inspections must find a free place.
    concurrency: 16,
    // A file can be started again at any time; nobody waits for half an hour until a deployment goes on.
    shutdownTimeout: "3s",
  });
  await worker.start();
  return app;
}
