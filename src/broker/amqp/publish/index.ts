/** Publishing: what is sent and not yet confirmed, and what is said to whoever waits for it. */
export { findReturned } from "./find-returned.ts";
export { Obstacles } from "./obstacles.ts";
export { PendingPublish, type PublishOutcome } from "./pending-publish.ts";
export { blame, closedBefore, targetOf, tooLarge } from "./publish-errors.ts";
export { Publisher } from "./publisher.ts";
