/** A contract of this repo's own, served and called in one process. */
import { createApp } from "ligature";
import { billing } from "../generated/index.js";

const app = createApp({ name: "billing" });
const worker = app.worker(billing, {
  invoice: (rows, due) => {
    if (rows === 0) throw new billing.errors.TooFewRows({ rows });
    return { cents: BigInt(rows) * 2n, due };
  },
});
await worker.start();

const remote = app.remote(billing);
const invoice = await remote.invoice(21, new Date(0));
const outcome = await (await remote.invoice.delay(0, new Date(0))).settle();
const refused = !outcome.ok && outcome.error instanceof billing.errors.TooFewRows ? outcome.error.data.rows : "accepted";
console.log(JSON.stringify({ cents: invoice.cents.toString(), due: invoice.due.toISOString(), refused }));
await app.close();
