import { contract, task } from "ligature/contract";
import { z } from "zod";

/** Served by test/interop/legacy.py. */
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
    /** Old-style wire name. */
    renamed: task({ name: "tasks.old_name", params: { text: z.string() }, returns: z.string() }),
  },
});
