import { contract, task } from "ligature/contract";
import { z } from "zod";

/** Values that JSON alone can't carry. */
export const Rich = z.object({
  when: z.date(),
  tags: z.set(z.string()),
  counts: z.map(z.string(), z.number()),
  big: z.bigint(),
  maybe: z.string().optional(),
});

/** What a second run would change or refuse, or JSON can't say. */
export const Odd = z.object({
  text: z.string().overwrite((text) => text.replaceAll("&", "&amp;")),
  name: z.string().min(1).default(""),
  number: z.coerce.number().catch(Number.NaN),
  at: z.date().default(new Date(0)).nullable(),
});

export const OutOfStock = z.object({ item: z.string(), since: z.date() });

export const lab = contract("lab", {
  tasks: {
    /** Plain JSON in and out. */
    add: task({ params: { a: z.number(), b: z.number() }, returns: z.number() }),
    /** What goes in comes out. */
    echo: task({ params: { value: Rich }, returns: Rich }),
    /** Parsed once on its way in, and once on its way out. */
    odd: task({ params: { value: Odd }, returns: Odd }),
    /** Nothing, said by a schema. */
    silent: task({ returns: z.void() }),
    /** Nothing that follows nothing. */
    after: task({ params: { nothing: z.void().nullable(), key: z.string() }, returns: z.void() }),
    /** A default inside and an optional parameter. */
    greet: task({
      params: {
        name: z.string().min(1),
        options: z.object({ loud: z.boolean().default(false) }).optional(),
        times: z.number().optional(),
      },
      returns: z.string(),
    }),
    /** Throws an undeclared error. */
    explode: task({ params: { message: z.string() }, returns: z.number() }),
    /** Throws a declared error. */
    order: task({ params: { item: z.string() }, returns: z.number(), errors: { OutOfStock } }),
    /** Fails a number of times before it succeeds. */
    flaky: task({
      params: { key: z.string(), failures: z.number().int() },
      returns: z.number(),
      retry: { limit: 3, delay: "20ms", backoff: "fixed", jitter: false },
    }),
    /** Asks for a retry itself. */
    patient: task({ params: { key: z.string(), until: z.number().int() }, returns: z.number() }),
    /** Runs until it is told to go on, or stopped; reports progress. */
    wait: task({ params: { key: z.string() }, returns: z.string(), progress: z.object({ step: z.number().int() }) }),
    softLimited: task({ params: { key: z.string() }, returns: z.string(), timeLimit: { soft: "50ms" } }),
    hardLimited: task({ params: { key: z.string() }, returns: z.string(), timeLimit: { hard: "50ms" } }),
    /** Returns something that the contract doesn't promise. */
    lie: task({ returns: z.object({ truth: z.boolean() }) }),
    quiet: task({ params: { key: z.string() }, ignoreResult: true }),
    early: task({ params: { key: z.string() }, returns: z.string(), ack: "early" }),
    /** Steps of chains. */
    double: task({ params: { value: z.number() }, returns: z.number() }),
    describe: task({ params: { value: z.number(), unit: z.string() }, returns: z.string() }),
    /** Bodies of chords. */
    sum: task({ params: { values: z.array(z.number()) }, returns: z.number() }),
    gather: task({ params: { values: z.array(z.unknown()), key: z.string() }, returns: z.array(z.unknown()) }),
    gatherRich: task({ params: { values: z.array(Rich) }, returns: z.array(Rich) }),
    /** Success callback of anything that returns a number. */
    record: task({ params: { value: z.number(), key: z.string() } }),
    /** Success callback with a value that JSON can't carry, and one bound beside it. */
    recordRich: task({ params: { value: Rich, key: z.string(), at: z.date() } }),
    /** Error callback. */
    recordFailure: task({ params: { key: z.string() } }),
    /** Calls another task from inside its handler. */
    nested: task({
      params: { key: z.string() },
      returns: z.object({ rootId: z.string(), parentId: z.string(), deadline: z.date().optional() }),
    }),
    /** What a handler called by another one sees of its origin. */
    origin: task({ returns: z.object({ rootId: z.string(), parentId: z.string(), deadline: z.date().optional() }) }),
  },
});
