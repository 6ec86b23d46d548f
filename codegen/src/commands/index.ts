import type { Command } from "./command.ts";

/** What `ligature <name>` runs, by name; `src/cli` has their summaries. */
export const commands: Readonly<Record<string, Command>> = {};

export { UsageError, type Command, type Terminal } from "./command.ts";
