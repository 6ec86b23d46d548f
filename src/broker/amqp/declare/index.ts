/** What must exist before something is published or consumed: queues, exchanges, bindings; and how a queue is doing. */
export {
  contractQueue,
  controlExchange,
  declaredControlExchange,
  directRoute,
  register,
  replyQueue,
  resultBinding,
  temporaryQueue,
} from "./declarations.ts";
export { delayedRoute, type WrittenRoute } from "./delay-ladder.ts";
export { peekAt } from "./peek.ts";
export { ReadyCounts } from "./queue-inspector.ts";
export { Topology } from "./topology.ts";
