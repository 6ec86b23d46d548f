import type { Command } from "ligature/cli";
import { monitorCommand } from "./monitor-command.ts";

/** What this package contributes to `ligature`, which looks for it here: `@ligature/monitor/commands`. */
export const commands: readonly Command[] = [monitorCommand];
