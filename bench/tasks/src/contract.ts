import { contract, task } from "ligature/contract";
import { z } from "zod";

export const bench = contract("bench", {
  tasks: {
    /** A task whose result nobody wants. */
    note: task({ params: { n: z.number() }, ignoreResult: true }),
    /** What goes in comes out: a small call. */
    echo: task({ params: { n: z.number() }, returns: z.number() }),
    /** The same with as much text as one likes. */
    echoText: task({ params: { text: z.string() }, returns: z.string() }),
    /** Success callback of `echo`. */
    record: task({ params: { result: z.number(), key: z.number() }, ignoreResult: true }),
  },
});
