import { notifications } from "@example/notifications";
import { processing, type ProcessedFile } from "@example/processing";
import { createApp, type App, type Next, type RunCall, type SendCall, type TaskContext, type Worker } from "ligature";
import { same } from "./same.ts";

interface Transaction {
  query(text: string): Promise<number>;
}
declare function inTransaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
declare const processed: ProcessedFile;

const transaction = (_call: RunCall, next: Next) => inTransaction((db) => next({ context: { db } }));

async function user(call: RunCall<{ db: Transaction }>, next: Next) {
  const id = await call.context.db.query("…");
  return next({ context: { user: { id } } });
}

async function times(call: RunCall, next: Next) {
  same<typeof call.ctx, TaskContext>(true);
  const passed = await next();
  same<typeof passed.value, unknown>(true);
  return passed;
}

async function tenant(call: SendCall, next: Next) {
  call.setHeader("tenant", "acme");
  same<typeof call.kind, "call" | "successor" | "retry">(true);
  return next();
}

/** Their context is the handlers', whatever form these have. */
export function workers(plain: App): Worker[] {
  const app = createApp({ name: "typed", interceptors: { send: [tenant], run: [times, transaction] } });
  same<typeof app, App<{ db: Transaction }>>(true);
  const handlers = {
    processFile: () => processed,
    inspectFile: () => ({ bytes: 1, columns: [] }),
  };
  return [
    app.worker(processing, {
      ...handlers,
      inspectFile(path, ctx) {
        same<typeof path, string>(true);
        same<typeof ctx.db, Transaction>(true);
        return { bytes: path.length, columns: [] };
      },
    }),
    app.worker(
      processing,
      {
        ...handlers,
        inspectFile: {
          run: (path, ctx) => {
            same<typeof path, string>(true);
            same<typeof ctx.db, Transaction>(true);
            same<typeof ctx.user, { id: number }>(true);
            same<typeof ctx.id, string>(true);
            return { bytes: ctx.user.id, columns: [] };
          },
          onSuccess: (request, result) => {
            same<typeof request.args, [path: string]>(true);
            same<typeof result.bytes, number>(true);
          },
        },
      },
      { concurrency: 2, interceptors: { run: [user] } },
    ),
    // An app with more in its context is an app like any other.
    (app satisfies App).worker(processing, handlers),
    plain.worker(processing, handlers, { interceptors: { run: [] } }),
    plain.worker(notifications, notify, { interceptors: { run: [transaction, user, times] } }),
  ];
}

declare const notify: Parameters<typeof notifying>[0];
declare function notifying(handlers: NonNullable<ReturnType<NonNullable<(typeof notifications)["~handlers"]>>>): void;
