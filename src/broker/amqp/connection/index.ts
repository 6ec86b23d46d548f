/** Connections to RabbitMQ that come back by themselves, their channels, and what RabbitMQ says when it refuses. */
export { parseAddress, type BrokerAddress } from "./address.ts";
export {
  answered,
  closeQuietly,
  isChannelLost,
  isClosing,
  KeptChannel,
  openChannel,
  openConfirmChannel,
  unlessLost,
  whenClosed,
} from "./channels.ts";
export { Connection, type ConnectionOptions } from "./connection.ts";
export { outagesOf } from "./explain.ts";
export { declarationError, refusalIn, type ChannelRefusal } from "./refusals.ts";
