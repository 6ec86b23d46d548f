/** What an app has of its client before that is loaded. */
export { askedById, askedGroup, askedResult, type Asked } from "./attach.ts";
export { LazyGroup, LazyResult } from "./lazy-result.ts";
export { apply, createRemote, type SenderSource } from "./remote.ts";
