/** A message's bytes: what amqplib writes or reads otherwise than this broker needs it. */
export { checkAddress, checkProperties, checkQueueName } from "./method-arguments.ts";
export { delayPrefix, messageOf } from "./read-message.ts";
export { readProperties } from "./read-properties.ts";
export { damagedHeaders, readTable } from "./read-table.ts";
export { writableHeaders } from "./write-headers.ts";
export { writeMessage, type WritableMessage } from "./write-message.ts";
