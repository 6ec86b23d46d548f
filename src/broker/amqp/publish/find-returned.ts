import type { Message as ReturnedMessage } from "amqplib";
import type { PendingPublish } from "./pending-publish.ts";

/**
 * Which publish a returned message was. AMQP's `basic.return` carries no delivery tag, but all of the message; so
 * it is compared, which costs nothing as long as nothing is returned. Where two are alike to the last byte, it
 * makes no difference which of them is told.
 * @param pending in the order of publishing, which is the order of returning
 */
export function findReturned(pending: Iterable<PendingPublish>, returned: ReturnedMessage): PendingPublish | undefined {
  let second: PendingPublish | undefined;
  let headers: string | undefined;
  for (const publish of pending) {
    if (publish.state !== "written" || !isAlike(publish, returned)) continue;
    headers ??= JSON.stringify(returned.properties.headers ?? {});
    if (JSON.stringify(publish.message.headers) === headers) return publish;
    // RabbitMQ can be configured to add headers, and some are never sent.
    second ??= publish;
  }
  return second;
}

function isAlike({ route, message, body }: PendingPublish, { fields, properties, content }: ReturnedMessage): boolean {
  return (
    route.routingKey === fields.routingKey &&
    route.exchange === fields.exchange &&
    message.properties.correlationId === properties.correlationId &&
    body.equals(content)
  );
}
