import { billing } from "@example/billing";
import { app, worker } from "./worker.ts"; // memory:// lives in one process; with RabbitMQ this is another program

await worker.start();
const remote = app.remote(billing);

// Send it, and say what happens next.
for (const [order, cents] of [
  ["order 1", 30_00],
  ["order 2", 500_00],
] as const) {
  await remote.charge.applyAsync([order, cents], {
    link: billing.sendReceipt.s("ada@example.com"), // gets the receipt as its first argument
    linkError: billing.cancelOrder.si(order), // complete as it is
  });
}

// Or call it like a function.
const receipt = await remote.charge("order 3", 20_00);
console.log(`order 3 was paid in ${receipt.paidAt.getFullYear()}`);

await worker.run(); // until Ctrl-C
