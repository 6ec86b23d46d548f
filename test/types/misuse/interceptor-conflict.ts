// Two interceptors that add the same to the context.
import { processing, type ProcessingHandlers } from "@example/processing";
import type { App, Next, RunCall } from "ligature";

declare const app: App;
declare const handlers: ProcessingHandlers;
const user = (_call: RunCall, next: Next) => next({ context: { user: "a" } });
const token = (_call: RunCall, next: Next) => next({ context: { user: 1 } });

app.worker(processing, handlers, { interceptors: { run: [user, token] } });
