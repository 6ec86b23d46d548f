import type { Database, DatabaseLocation } from "./database.ts";
import { openEmbedded } from "./embedded.ts";
import { migrate } from "./migrations.ts";
import { openServer } from "./server.ts";

export { DatabaseProblem, type Database, type DatabaseLocation, type Row, type Statement } from "./database.ts";
export { dayOf, Days } from "./days.ts";

/**
 * Opens the monitor's database, and makes its tables.
 * @throws DatabaseProblem
 */
export async function openStore(location: DatabaseLocation): Promise<Database> {
  const database = await ("url" in location ? openServer(location.url) : openEmbedded(location.folder));
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}
