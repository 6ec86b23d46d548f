import { contract, task } from "ligature/contract";
import { z } from "zod";

export const Receipt = z.object({ order: z.string(), cents: z.number().int(), paidAt: z.date() });

export const billing = contract("billing", {
  tasks: {
    /** Charges the customer's card. */
    charge: task({
      params: { order: z.string(), cents: z.number().int().positive() },
      returns: Receipt,
      errors: { CardDeclined: z.object({ reason: z.string() }) },
    }),
    /** A success callback of `charge`: its first parameter takes what `charge` returns. */
    sendReceipt: task({ params: { receipt: Receipt, email: z.string() } }),
    /** An error callback. */
    cancelOrder: task({ params: { order: z.string() } }),
  },
});
