import { catalog } from "@example/catalog";
import { createApp, type Logger } from "ligature";
import { openDatabase, type DatabaseLocation } from "./database.ts";
import { Files } from "./files.ts";
import { createHandlers } from "./handlers.ts";
import { Imports } from "./imports.ts";
import { migrate } from "./migrations.ts";

export interface CatalogOptions {
  readonly broker: string;
  /** @default what goes with the broker */
  readonly backend?: string | undefined;
  readonly log: Logger;
  readonly database: DatabaseLocation;
}

export interface RunningService {
  /** Takes no more requests, lets running ones finish, disconnects. */
  close(): Promise<void>;
}

/** Resolves once the service takes requests. */
export async function startCatalog({ broker, backend, log, database: location }: CatalogOptions): Promise<RunningService> {
  const app = createApp({ name: "catalog", broker, log, ...(backend !== undefined && { backend }) });
  const database = await openDatabase(location);
  await migrate(database);
  await app.worker(catalog, createHandlers(app, new Files(database.query), new Imports(database))).start();
  return {
    async close() {
      // The database last: handlers that are still running need it.
      await app.close();
      await database.close();
    },
  };
}
