import { contract, task } from "ligature/contract";
import { z } from "zod";

/** The sides differ: `retries` may be left out, and is there in the end. */
export const Options = z.object({ retries: z.number().default(3), label: z.string().optional() });

/** Differs because what is inside differs. */
export const Request = z.object({ id: z.string(), options: Options });

/** Both sides are the same, although it is made in two steps. */
export const Path = z.string().pipe(z.string().min(1));

export const Moment = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

export const sides = contract("sides", {
  tasks: {
    send: task({ params: { request: Request, path: Path, at: Moment.optional() }, returns: Request }),
    now: task({ params: { zone: z.coerce.number().catch(0) }, returns: Moment }),
  },
});
