import type { Message } from "../../../protocol/index.ts";
import type { Declaration } from "./declaration.ts";
import { messageOf } from "../codec/index.ts";

let looks = 0;

/**
 * A look at the first message of a queue, in the turn of the declarations, whose channel closes when the queue isn't
 * there. Each look is one of its own: what somebody else saw a moment ago may be old.
 */
export function peekAt(queue: string): { readonly declaration: Declaration; readonly found: () => Message | undefined } {
  let found: Message | undefined;
  looks += 1;
  return {
    found: () => found,
    declaration: {
      key: `look ${looks}`,
      what: `queue "${queue}"`,
      momentary: true,
      async run(channel) {
        const received = await channel.get(queue);
        if (received === false) return;
        // n.b. a get has no consumer tag; nothing of a message depends on it.
        found = messageOf({ ...received, fields: { ...received.fields, consumerTag: "" } }, queue);
        channel.nack(received, false, true);
      },
    },
  };
}
