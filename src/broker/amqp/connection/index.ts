/** Connections to RabbitMQ that come back by themselves, their channels, and what RabbitMQ says when it refuses. */
export { parseAddress, type BrokerAddress } from "./address.ts";
export { answered, openChannel, openConfirmChannel } from "./channels.ts";
export { Link } from "./connection.ts";
export { onClosed } from "./on-closed.ts";
export { Outages } from "./outages.ts";
export { declarationError, refusalIn, type ChannelRefusal } from "./refusals.ts";
