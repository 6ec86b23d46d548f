/** What is about to be published, for callers and workers alike, and the request that it belongs to. */
export { currentRequest, runInRequest, type CurrentRequest } from "./current-request.ts";
export { inWindow } from "./in-window.ts";
