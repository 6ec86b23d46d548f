/** What runs around each task that is sent or run. At run time it is loaded only where somebody has interceptors. */
export { grow, isMisuse, throughLayers, type Layer } from "./onion.ts";
export type { InterceptedCall, Next, Passed } from "./passed.ts";
export type { SendCall, SendInterceptor } from "./send-interceptor.ts";
export { sendThrough, type Intercept } from "./send-through.ts";
