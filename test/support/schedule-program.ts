import { appendFileSync } from "node:fs";
import { lab } from "@ligature/lab";
import { createApp, silentLogger } from "ligature";
import { schedule } from "ligature/schedules";
import { Journal } from "./journal.ts";
import { labHandlers, onQueue } from "./lab.ts";

/** A scheduler or a worker in a process of its own: `schedule-program.ts scheduler|worker <queue> <broker> <store or ""> <every ms> <journal>`. */
const [role = "", queue = "", broker = "", store = "", every = "1000", journal = ""] = process.argv.slice(2);
const app = createApp({ name: `ticks-${role}`, broker, log: silentLogger, ...(store !== "" && { store }) });
const contract = onQueue(lab, queue);
process.on("disconnect", () => void app.close().then(() => process.exit()));

if (role === "worker") {
  const handlers = {
    ...labHandlers(new Journal(), () => app.remote(contract)),
    quiet: (_key: string, ctx: { readonly id: string }) => appendFileSync(journal, `${ctx.id}\n`),
  };
  await app.worker(contract, handlers, { concurrency: 16 }).start();
} else {
  await app
    .scheduler({ tick: schedule(contract.quiet.si("tick"), { every: Number(every), catchUp: "1h" }) }, { name: queue })
    .start();
}
process.send?.({ ready: true });
