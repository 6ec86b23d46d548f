import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { lab } from "@ligature/lab";
import { createApp, silentLogger } from "ligature";
import { Journal } from "./journal.ts";
import { labHandlers, onQueue } from "./lab.ts";

/**
 * A worker in a process of its own that one request ends: `lost-worker.ts <queue> <broker> <type> <delivery limit> <journal>`.
 * `describe` with "poison" kills the process, with anything else it takes a while. Each run is a line of the journal.
 */
const [queue = "", broker = "", type = "quorum", limit = "10", journal = ""] = process.argv.slice(2);
const app = createApp({ name: "lost-worker", broker, log: silentLogger });
const contract = onQueue(lab, queue, { type: type as "quorum", deliveryLimit: Number(limit) });
const worker = app.worker(
  contract,
  {
    ...labHandlers(new Journal(), () => app.remote(contract)),
    async describe(value, unit) {
      appendFileSync(journal, `${unit} ${process.pid}\n`);
      if (unit === "poison") {
        await pause(100);
        process.kill(process.pid, "SIGKILL");
      }
      await pause(400);
      return `${value} ${unit}`;
    },
  },
  { concurrency: 16 },
);

// Without whoever started it there is nothing to do.
process.on("disconnect", () => void app.close().then(() => process.exit()));

await worker.start();
process.send?.({ ready: true });
