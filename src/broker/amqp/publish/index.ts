/** Publishing: what is sent and not yet confirmed, and what is said to whoever waits for it. */
export { Obstacles } from "./obstacles.ts";
export { findReturned, PendingPublish, type PublishOutcome } from "./pending-publish.ts";
export { aborted, blame, closedBefore, targetOf, tooLarge } from "./publish-errors.ts";
export { Publisher } from "./publisher.ts";
