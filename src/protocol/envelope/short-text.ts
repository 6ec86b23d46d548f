import { Buffer } from "node:buffer";

/** Bytes of an AMQP short string: names of queues and exchanges, routing keys, properties, names of headers. */
export const longestShortText = 255;
/** Bytes of a group's id: the queue that joins a chord is named after it. */
export const longestGroupId = 240;
/** Deeper tables are a cycle, or an attack on somebody's stack. */
export const maxHeaderDepth = 32;

/** What keeps a text from being an AMQP short string, as the end of a sentence; undefined when nothing does. */
export function shortTextProblem(text: string, longest: number = longestShortText): string | undefined {
  // A character takes three bytes at most, two of a pair four.
  if (text.length * 3 > longest) {
    const bytes = Buffer.byteLength(text);
    if (bytes > longest) return `has ${bytes} bytes; ${longest} are allowed`;
  }
  return /\p{Cs}/u.test(text) ? "is no valid Unicode: it holds half of a surrogate pair" : undefined;
}
