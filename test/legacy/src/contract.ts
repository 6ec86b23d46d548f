import { contract, task } from "ligature/contract";
import { z } from "zod";

export const Refused = z.object({ reason: z.string(), since: z.date() });

/** Served by test/interop/legacy.py, in part, and by test/interop/typed_service.py as a whole. */
export const legacy = contract("legacy", {
  runtime: "celery",
  queue: "legacy",
  tasks: {
    add: task({ params: { a: z.number(), b: z.number() }, returns: z.number() }),
    /** Raises ValueError. */
    fail: task({ params: { message: z.string() }, returns: z.number() }),
    /** Returns a datetime, which Celery's JSON writes as an ISO string. */
    tomorrow: task({ params: { today: z.date() }, returns: z.date() }),
    /** Success callback that Python serves. */
    store: task({ params: { value: z.number(), key: z.string() }, returns: z.string() }),
    /** What was stored. */
    stored: task({ params: { key: z.string() }, returns: z.array(z.number()) }),
    /** Values that JSON has no form of, as arguments and as the result. */
    schedule: task({
      params: { at: z.date(), count: z.bigint(), label: z.string().default("unnamed"), until: z.date().optional() },
      returns: z.object({ at: z.date(), count: z.bigint(), label: z.string(), until: z.date().nullable() }),
    }),
    /** Raises a declared error. */
    refuse: task({ params: { reason: z.string() }, returns: z.number(), errors: { Refused } }),
    /** Body of chords. */
    total: task({ params: { values: z.array(z.number()) }, returns: z.number() }),
    /** Old-style wire name. */
    renamed: task({ name: "tasks.old_name", params: { text: z.string() }, returns: z.string() }),
  },
});
