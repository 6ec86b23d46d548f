import { asyncapiCommand } from "./asyncapi.ts";
import { breakingCommand } from "./breaking.ts";
import type { Command } from "./command.ts";
import { docsCommand } from "./docs.ts";
import { lintCommand } from "./lint.ts";
import { newCommand } from "./new.ts";
import { pythonCommand } from "./python.ts";
import { usageCommand } from "./usage.ts";

/** What `ligature <name>` runs, by name; `src/cli` has their summaries. */
export const commands: Readonly<Record<string, Command>> = {
  asyncapi: asyncapiCommand,
  breaking: breakingCommand,
  docs: docsCommand,
  lint: lintCommand,
  new: newCommand,
  python: pythonCommand,
  usage: usageCommand,
};

export { UsageError, type Command, type Terminal } from "./command.ts";
