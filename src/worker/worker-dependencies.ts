import type { ResultBackend } from "../backend/index.ts";
import type { Broker } from "../broker/index.ts";
import type { Intercept } from "../interceptors/index.ts";
import type { Logger } from "../logging/index.ts";
import type { OpenOnce } from "../once/index.ts";
import type { Publisher, RevocationLog } from "../outgoing/index.ts";
import type { TaskRef } from "../signature/index.ts";
import type { Telemetry } from "../telemetry/index.ts";
import type { RunInterceptor } from "./request/index.ts";

/** What a worker needs of its app. */
export interface WorkerDependencies {
  readonly broker: Broker;
  readonly backend: ResultBackend;
  readonly publisher: Publisher;
  readonly revocationLog: RevocationLog;
  readonly openOnce: OpenOnce;
  readonly log: Logger;
  readonly maxPayload: number;
  readonly defaultQueue: string;
  /** Tasks of the contract packages that the program has loaded, by wire name. */
  readonly findTask: (name: string) => TaskRef | undefined;
  /** How what it sends goes through the app's interceptors; undefined where there are none. */
  readonly intercept: Intercept | undefined;
  /** The app's; the worker's own come after them. */
  readonly interceptors: readonly RunInterceptor[] | undefined;
  /** What watches the app. */
  readonly telemetry: readonly Telemetry[] | undefined;
  /** Whether the program says which broker, in place of taking what is the default. */
  readonly brokerIsNamed: boolean;
  /** Told when a worker starts, and when it has stopped. */
  readonly onActive: (active: boolean) => void;
  /** Called at the end of `run()`. */
  readonly onRunEnd: () => Promise<void>;
}
