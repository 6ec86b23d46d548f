/** One request as data, to and from a message; signatures in Celery's form, and where they go. */
export { newEmbed } from "./embed-codec.ts";
export { entryQueue, entryRouteOfTask, routeOf, routeOfTask, routingOptions, taskExchange } from "./routes.ts";
export { salvageTask } from "./salvage-task.ts";
export { shownByCelery } from "./shown-arguments.ts";
export { marksOf, stampsOf } from "./stamps.ts";
export { decodeTask, encodeTask, newTaskMessage } from "./task-codec.ts";
export type { Embed, FailedError, LastRun, Route, TaskMessage, WireFailure } from "./task-message.ts";
export type { WireSignature, WireSignatureOptions } from "./wire-signature.ts";
