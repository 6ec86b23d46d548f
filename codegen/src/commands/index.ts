import type { Command } from "ligature/cli";
import { asyncapiCommand } from "../asyncapi/asyncapi-command.ts";
import { breakingCommand } from "../breaking/breaking-command.ts";
import { docsCommand } from "../docs/docs-command.ts";
import { genCommand } from "./gen-command.ts";
import { lintCommand } from "../lint/lint-command.ts";
import { newCommand } from "../new/new-command.ts";
import { pythonCommand } from "../python/python-command.ts";
import { usageCommand } from "../usage/usage-command.ts";

/** What this package contributes to `ligature`, which looks for it here: `@ligature/codegen/commands`. */
export const commands: readonly Command[] = [
  asyncapiCommand,
  breakingCommand,
  docsCommand,
  genCommand,
  lintCommand,
  newCommand,
  pythonCommand,
  usageCommand,
];
