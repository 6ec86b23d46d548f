// An interceptor that is listed before the one that adds what it needs.
import { processing, type ProcessingHandlers } from "@example/processing";
import type { App, Next, RunCall } from "ligature";

declare const app: App;
declare const handlers: ProcessingHandlers;
const database = (_call: RunCall, next: Next) => next({ context: { db: new Map<string, string>() } });
const user = (call: RunCall<{ db: Map<string, string> }>, next: Next) => next({ context: { user: call.context.db.get("user") } });

app.worker(processing, handlers, { interceptors: { run: [user, database] } });
