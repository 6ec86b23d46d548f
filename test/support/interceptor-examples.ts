import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Next, RunCall, SendCall } from "ligature";
import type { Database, Transaction } from "./interceptor-database.ts";

/** Each run in a transaction of its own: committed when the handler returns, rolled back when it throws. */
export function transactions(database: Database) {
  return (_call: RunCall, next: Next) => database.transaction((db) => next({ context: { db } }));
}

/** A tenant's name travels with the message, and is the handler's. */
export function tenantOf(current: () => string) {
  return {
    async send(call: SendCall, next: Next) {
      call.setHeader("tenant", current());
      return next();
    },
    async run(call: RunCall, next: Next) {
      const { tenant } = call.headers;
      if (typeof tenant !== "string") throw new Error(`${call.taskName} was sent without a tenant.`);
      return next({ context: { tenant } });
    },
  };
}

/** Only who knows the key can send. */
export function signedBy(key: string) {
  const sign = (call: { readonly id: string; readonly taskName: string }, user: string): Buffer =>
    createHmac("sha256", key)
      .update(JSON.stringify([call.taskName, call.id, user]))
      .digest();
  return {
    send: (user: () => string) => async (call: SendCall, next: Next) => {
      call.setHeader("user", user());
      call.setHeader("signature", sign(call, user()).toString("base64"));
      return next();
    },
    async run(call: RunCall<{ db: Transaction }>, next: Next) {
      const { user, signature } = call.headers;
      if (typeof user !== "string" || typeof signature !== "string") throw new Error(`${call.taskName} is not signed.`);
      const given = Buffer.from(signature, "base64");
      const right = sign(call, user);
      if (given.length !== right.length || !timingSafeEqual(given, right))
        throw new Error(`${call.taskName} has a wrong signature.`);
      return next({ context: { user: await call.context.db.find(user) } });
    },
  };
}

/** Errors leave the worker without what is secret in them. */
export function redact(secret: RegExp) {
  return async (_call: RunCall, next: Next) => {
    try {
      return await next();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const message = error.message.replaceAll(new RegExp(secret, "g"), "***");
      throw message === error.message ? error : new Error(message);
    }
  };
}

/** How long handlers take, by task and outcome. */
export function timed(observe: (task: string, outcome: "succeeded" | "failed", seconds: number) => void) {
  return async (call: RunCall, next: Next) => {
    const start = performance.now();
    const stop = (outcome: "succeeded" | "failed"): void => observe(call.taskName, outcome, (performance.now() - start) / 1000);
    try {
      const passed = await next();
      stop("succeeded");
      return passed;
    } catch (error) {
      stop("failed");
      throw error;
    }
  };
}

/** Says in the log which arguments a task was sent with, and not what they are. */
export function audited(write: (line: string) => void) {
  return async (call: SendCall, next: Next) => {
    const passed = await next();
    const digest = createHash("sha256").update(JSON.stringify(call.args)).digest("hex").slice(0, 12);
    write(`${call.kind} ${call.taskName} ${digest}`);
    return passed;
  };
}
