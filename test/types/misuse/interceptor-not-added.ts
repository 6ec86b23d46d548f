// A handler that looks for what no interceptor adds.
import { processing, type ProcessedFile } from "@example/processing";
import type { App, Next, RunCall } from "ligature";

declare const app: App;
declare const processed: ProcessedFile;
const user = (_call: RunCall, next: Next) => next({ context: { user: "a" } });

app.worker(
  processing,
  { processFile: () => processed, inspectFile: (_path, ctx) => ({ bytes: ctx.user.length, columns: [], db: ctx.db }) },
  { interceptors: { run: [user] } },
);
