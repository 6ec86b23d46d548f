import { breakingCommand } from "./breaking.ts";
import type { Command } from "./command.ts";
import { lintCommand } from "./lint.ts";
import { newCommand } from "./new.ts";

/** What `ligature <name>` runs, by name; `src/cli` has their summaries. */
export const commands: Readonly<Record<string, Command>> = { breaking: breakingCommand, lint: lintCommand, new: newCommand };

export { UsageError, type Command, type Terminal } from "./command.ts";
