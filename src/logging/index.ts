/** What Ligature logs with. Depends on nothing. */
export type { Logger } from "./logger.ts";
export { consoleLogger, silentLogger, type LogLevel } from "./console-logger.ts";
export { jsonLogger } from "./json-logger.ts";
export { safeLogger } from "./safe-logger.ts";
export { Outages, reasonOf, type OutageCause } from "./outages.ts";
