// An interceptor that adds what every context has.
import { createApp, type Next, type RunCall } from "ligature";

const log = (_call: RunCall, next: Next) => next({ context: { log: console } });

createApp({ name: "a", interceptors: { run: [log] } });
