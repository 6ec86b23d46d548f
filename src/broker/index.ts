/** Brokers: bytes with headers, between queues. Two behind one interface, held to one conformance suite. */
export {
  deadLetterQueue,
  entryQueue,
  resultExchange,
  suspectsQueue,
  taskExchange,
  type Broker,
  type BrokerAuth,
  type BrokerStatus,
  type BrokerTls,
  type Claim,
  type ConsumeOptions,
  type Consumer,
  type DeclaredQueue,
  type Delivery,
  type Patience,
  type PublishOptions,
  type QueueStatus,
} from "./broker.ts";
export { brokerOpener } from "./open.ts";
export type { BrokerState } from "./broker-state.ts";
export type { BrokerOptions } from "./broker.ts";
export { isLastingRefusal, persist } from "./persist.ts";
