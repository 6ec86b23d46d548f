import { asyncapiCommand } from "../asyncapi/asyncapi-command.ts";
import { breakingCommand } from "../breaking/breaking-command.ts";
import type { Command } from "./command.ts";
import { docsCommand } from "../docs/docs-command.ts";
import { lintCommand } from "../lint/lint-command.ts";
import { newCommand } from "../new/new-command.ts";
import { pythonCommand } from "../python/python-command.ts";
import { usageCommand } from "../usage/usage-command.ts";

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
