import { contract, task } from "ligature/contract";
import { z } from "zod";

export const billing = contract("billing", {
  tasks: {
    /** Sends an invoice for what a file had in it. */
    invoice: task({
      params: { rows: z.number().int(), due: z.date() },
      returns: z.object({ cents: z.bigint(), due: z.date() }),
      errors: { TooFewRows: z.object({ rows: z.number() }) },
    }),
  },
});
