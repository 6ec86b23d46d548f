import { readFileSync, writeFileSync } from "node:fs";
import { lab } from "@ligature/lab";
import { createApp, silentLogger, type AsyncResult } from "ligature";
import { onQueue } from "./lab.ts";

/**
 * A program that sends a task and writes down its result, to be killed or closed; or that reads it and awaits it.
 * `attach-caller.ts send|attach <file> <queue> <broker> <backend>`. It tells what it sees over its channel.
 */
const [mode, file = "", queue = "", broker = "", backend = ""] = process.argv.slice(2);
const app = createApp({ name: "caller", broker, backend, log: silentLogger });
const remote = app.remote(onQueue(lab, queue));

function tell(message: object): void {
  process.send?.(message);
}

async function follow(result: AsyncResult<string, {}, { step: number }>): Promise<void> {
  for await (const report of result.progress()) tell({ progress: report.step });
  const outcome = await result.settle();
  tell(outcome.ok ? { value: outcome.value } : { error: outcome.error.message });
}

process.on("message", (order) => {
  if (order === "close") void app.close().then(() => process.disconnect());
});
// Without whoever started it there is nothing to do.
process.on("disconnect", () => void app.close().then(() => process.exit()));

if (mode === "send") {
  const result = await remote.wait.delay("run");
  writeFileSync(file, JSON.stringify(await result.keep()));
  tell({ sent: result.id });
  await follow(result).catch((error: unknown) => tell({ error: String(error) }));
} else {
  const result = app.attach(remote.wait, JSON.parse(readFileSync(file, "utf8")));
  tell({ attached: result.id });
  await follow(result);
}
