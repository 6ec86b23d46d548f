import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { lab } from "@ligature/lab";
import { createApp, silentLogger } from "ligature";
import { Journal } from "./journal.ts";
import { labHandlers, onQueue } from "./lab.ts";
import { patience } from "./patience.ts";

/**
 * A worker or a sender of keys in a process of its own: `once-program.ts worker|sender <queue> <broker> <redis> <journal> [keys] [sends]`.
 * A run of `describe` takes `value` ms; its start and its end are lines of the journal. A sender sends the same keys as all others, over
 * and over, and tells what it was answered.
 */
const [role = "", queue = "", broker = "", store = "", journal = "", keys = "1", sends = "1"] = process.argv.slice(2);
const app = createApp({ name: `once-${role}`, broker, store, log: silentLogger });
const contract = onQueue(lab, queue);
process.on("disconnect", () => void app.close().then(() => process.exit()));

if (role === "worker") {
  const worker = app.worker(
    contract,
    {
      ...labHandlers(new Journal(), () => app.remote(contract)),
      async describe(value, unit) {
        appendFileSync(journal, `start ${unit} ${process.pid}\n`);
        await pause(value);
        appendFileSync(journal, `end ${unit} ${process.pid}\n`);
        return `${unit} by ${process.pid}`;
      },
    },
    { concurrency: 16 },
  );
  await worker.start();
  process.send?.({ ready: true });
} else {
  const { describe } = app.remote(contract);
  const answers: Record<string, string[]> = {};
  let next = 0;
  let answered = 0;
  const lane = async (): Promise<void> => {
    while (next < Number(sends)) {
      const unit = `key-${next % Number(keys)}`;
      next += 1;
      const answer = await describe.with({ idempotency: { key: unit, for: "1h" }, timeout: patience * 5 })(5, unit);
      answered += 1;
      const known = (answers[unit] ??= []);
      if (!known.includes(answer)) known.push(answer);
    }
  };
  await Promise.all(Array.from({ length: 50 }, lane));
  process.send?.({ answered, answers });
}
