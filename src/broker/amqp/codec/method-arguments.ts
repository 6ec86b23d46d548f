import { LigatureError } from "../../../errors/index.ts";
import { shortTextProblem, type MessageProperties } from "../../../protocol/index.ts";

/**
 * amqplib throws in the middle of a method that it can't encode, and writes half a surrogate pair as another character, so
 * that an answer no longer fits the question. What may come from others is therefore looked at before.
 * @throws LigatureError `INVALID_OPTION`
 */
export function checkQueueName(name: string): void {
  const problem = shortTextProblem(name);
  if (problem !== undefined)
    throw new LigatureError("INVALID_OPTION", `There can be no queue ${shown(name)}: its name ${problem}.`);
}

/**
 * Where a message goes. Nothing can be at an address that AMQP can't carry.
 * @throws LigatureError `UNROUTABLE`
 */
export function checkAddress({ exchange, routingKey }: { readonly exchange: string; readonly routingKey: string }): void {
  const checked = [
    ["exchange", exchange],
    ["routing key", routingKey],
  ] as const;
  for (const [what, text] of checked) {
    const problem = shortTextProblem(text);
    if (problem === undefined) continue;
    throw new LigatureError("UNROUTABLE", `Nothing can be sent to ${what} ${shown(text)}: it ${problem}.`, {
      details: { exchange: exchange.slice(0, longestShown), routingKey: routingKey.slice(0, longestShown) },
    });
  }
}

/** @throws LigatureError `UNREADABLE` */
export function checkProperties(properties: MessageProperties): void {
  const { contentType, contentEncoding, correlationId, replyTo, priority } = properties;
  for (const [name, text] of Object.entries({ contentType, contentEncoding, correlationId, replyTo })) {
    const problem = text === undefined ? undefined : shortTextProblem(text);
    if (problem !== undefined) throw new LigatureError("UNREADABLE", `A message's ${name} can't be sent: it ${problem}.`);
  }
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0 && priority <= 255)) {
    throw new LigatureError("UNREADABLE", `A message's priority must be a whole number from 0 to 255, got ${String(priority)}.`);
  }
}

const longestShown = 60;

function shown(name: string): string {
  return JSON.stringify(name.length > longestShown ? `${name.slice(0, longestShown)}…` : name);
}
