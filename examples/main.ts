import { LigatureError } from "ligature";
import { DatabaseUnavailable } from "./catalog/database.ts";
import { FolderInUse } from "./catalog/folder-lock.ts";
import { parseCommandLine, UsageError } from "./run/arguments.ts";
import { Failure } from "./run/failure.ts";
import { Interrupted } from "./run/interruption.ts";
import { run } from "./run/run.ts";
import { runService } from "./run/service-process.ts";
import { usage } from "./run/usage.ts";

// Whoever reads our output may have read enough, such as `head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const text = explain(error);
  if (text !== undefined) process.stderr.write(`${text}\n`);
  // What was started may still hold connections; there is nothing left to do for it.
  process.exit(error instanceof UsageError ? 2 : error instanceof Interrupted ? 130 : 1);
}

async function main(args: readonly string[]): Promise<number> {
  const command = parseCommandLine(args, process.env);
  switch (command.kind) {
    case "help":
      process.stdout.write(usage);
      return 0;
    case "service":
      return runService(command);
    case "run":
      return run(command);
  }
}

/** One clear line for what can be expected to go wrong; everything there is for what can't. */
function explain(error: unknown): string | undefined {
  if (error instanceof Interrupted) return undefined;
  if (error instanceof LigatureError) return error.rawMessage;
  const expected = [UsageError, Failure, DatabaseUnavailable, FolderInUse].some((type) => error instanceof type);
  return error instanceof Error ? (expected ? error.message : error.stack) : String(error);
}
