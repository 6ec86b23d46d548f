/** Publishing requests, for callers and workers alike; and the request that the calling code runs in. */
export { closeAll, closeAtEnd } from "./closers.ts";
export { currentRequest, runInHost, runInRequest, runOutside, runsIn, type CurrentRequest } from "./current-request.ts";
export { inWindow } from "./in-window.ts";
export { mostRevocations, RevocationLog } from "./revocation-log.ts";
export { asLongAsItTakes, Publisher } from "./publisher.ts";
