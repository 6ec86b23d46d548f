// An interceptor that returns a value of its own in place of what next() resolves with.
import { createApp, type Next, type RunCall } from "ligature";

async function cached(_call: RunCall, next: Next) {
  await next();
  return 42;
}

createApp({ name: "a", interceptors: { run: [cached] } });
