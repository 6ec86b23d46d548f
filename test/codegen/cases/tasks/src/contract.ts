import { contract, task } from "ligature/contract";
import { z } from "zod";

export const orders = contract("orders", {
  tasks: {
    place: task({
      params: { item: z.string(), amount: z.number().int(), note: z.string().optional(), gift: z.boolean().default(false) },
      returns: z.object({ id: z.string(), placedAt: z.date() }),
    }),
    list: task({ returns: z.array(z.string()) }),
    cancel: task({ params: { id: z.string() } }),
    ping: task(),
  },
});
