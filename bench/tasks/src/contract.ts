import { contract, task } from "ligature/contract";
import { z } from "zod";

/** A small object, as most tasks have. */
const item = z.object({ id: z.number().int(), name: z.string().max(100), at: z.iso.datetime() });

export const bench = contract("bench", {
  tasks: {
    /** A task whose result nobody wants. */
    note: task({ params: { n: z.number() }, ignoreResult: true }),
    /** What goes in comes out: a small call. */
    echo: task({ params: { n: z.number() }, returns: z.number() }),
    /** The same with as much text as one likes. */
    echoText: task({ params: { text: z.string() }, returns: z.string() }),
    /** A small object there and back. */
    echoItem: task({ params: { item }, returns: item }),
    /** A small object whose result nobody wants. */
    noteItem: task({ params: { item }, ignoreResult: true }),
    /** Success callback of `echoItem`. */
    recordItem: task({ params: { result: item, key: z.number() }, ignoreResult: true }),
    /** Success callback of `echo`. */
    record: task({ params: { result: z.number(), key: z.number() }, ignoreResult: true }),
  },
});
