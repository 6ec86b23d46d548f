import { join } from "node:path";
import type { Logger } from "ligature";
import { startCatalog } from "../catalog/service.ts";
import { startNotifications } from "../notifications/service.ts";
import { startProcessing } from "../processing/service.ts";
import type { ServiceName, ServiceSettings } from "./arguments.ts";

export interface RunningServices {
  close(): Promise<void>;
}

/** How each service is started: what it needs of the settings, and nothing else. */
export const starters: Readonly<Record<ServiceName, (settings: ServiceSettings, log: Logger) => Promise<RunningServices>>> = {
  catalog: ({ broker, backend, data, databaseUrl }, log) =>
    startCatalog({
      broker,
      backend,
      log,
      database: databaseUrl === undefined ? { folder: join(data, "catalog") } : { url: databaseUrl },
    }),
  processing: ({ broker, backend, bytesPerSecond }, log) => startProcessing({ broker, backend, log, bytesPerSecond }),
  notifications: ({ broker, backend, data }, log) =>
    startNotifications({ broker, backend, log, file: join(data, "notices.jsonl") }),
};
