/** What must exist before something is published or consumed: queues, exchanges, bindings; and how a queue is doing. */
export { declarationOf, peekAt, resultBinding } from "./declarations.ts";
export { controlExchange, declaredControlExchange, directRoute } from "./exchanges.ts";
export { delayedRoute, type WrittenRoute } from "./delay-ladder.ts";
export { QueueInspector } from "./queue-inspector.ts";
export { Topology } from "./topology.ts";
