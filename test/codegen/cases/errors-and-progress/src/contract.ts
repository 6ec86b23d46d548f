import { contract, task } from "ligature/contract";
import { z } from "zod";

export const OutOfStock = z.object({ item: z.string(), since: z.date() });

export const shop = contract("shop", {
  tasks: {
    order: task({
      params: { item: z.string() },
      returns: z.string(),
      errors: { OutOfStock, TooMany: z.object({ limit: z.number().default(10) }) },
    }),
    pack: task({ params: { order: z.string() }, progress: z.object({ parcels: z.number(), total: z.number().default(1) }) }),
    ship: task({ params: { order: z.string() }, errors: { OutOfStock }, progress: z.number() }),
  },
});
