import { billing } from "@example/billing";
import { createApp } from "ligature";

export const app = createApp({ name: "billing", broker: process.env["BROKER"] ?? "memory://" });

export const worker = app.worker(billing, {
  charge(order, cents) {
    if (cents > 100_00) throw new billing.errors.CardDeclined({ reason: "over the card's limit" });
    return { order, cents, paidAt: new Date() };
  },
  sendReceipt(receipt, email) {
    console.log(`to ${email}: ${receipt.cents} cents for ${receipt.order}, paid in ${receipt.paidAt.getFullYear()}`);
  },
  cancelOrder(order, ctx) {
    console.log(`${order} is cancelled: ${ctx.failure?.error.message ?? "why isn't known"}`);
  },
});
