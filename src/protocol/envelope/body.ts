import { Buffer, isUtf8 } from "node:buffer";
import { unzipSync } from "node:zlib";
import { readNumbers } from "./exact-number.ts";
import { parseExactJson, stringify } from "./json.ts";
import { maxPayloadByDefault } from "./limits.ts";
import type { Message, MessageProperties } from "./message.ts";
import { kindOf, unreadable } from "./unreadable.ts";

/** Enough of a message to read its body. */
export type EncodedBody = Pick<Message, "body" | "properties"> & { readonly headers?: Message["headers"] };

const encodings: ReadonlySet<string> = new Set(["utf-8", "utf8", "us-ascii", "ascii", "binary", "8bit", "7bit"]);
const charsets: ReadonlySet<string> = new Set(["utf-8", "utf8", "us-ascii", "ascii"]);

/** @throws LigatureError `UNREADABLE` */
export function encodeBody(value: unknown, what: string): Uint8Array {
  return Buffer.from(stringify(value, what));
}

/** Celery takes the content type literally: no charset. */
export const jsonProperties: Pick<MessageProperties, "contentType" | "contentEncoding"> = Object.freeze({
  contentType: "application/json",
  contentEncoding: "utf-8",
});

/** The JSON in a body of which nothing is passed on. See {@link decodeExactBody}. */
export function decodeBody(message: EncodedBody, maxPayload?: number): unknown {
  return readNumbers(decodeExactBody(message, maxPayload));
}

/**
 * The JSON in a body, decompressed if its `compression` header says so; with exact numbers, for what is passed on.
 * @param maxPayload bytes, also after decompression
 * @throws LigatureError `UNREADABLE`
 */
export function decodeExactBody(message: EncodedBody, maxPayload: number = maxPayloadByDefault): unknown {
  checkContentType(message.properties);
  const bytes = decompress(message, maxPayload);
  const text = bytes.toString("utf8");
  // Decoding puts U+FFFD in the place of what is no UTF-8; a text may hold that character rightly, too.
  if (text.includes("\ufffd") && !isUtf8(bytes)) throw unreadable("The body", "is not UTF-8.");
  return parseExactJson(text, "The body");
}

function checkContentType({ contentType, contentEncoding }: MessageProperties): void {
  if (contentType !== "application/json") {
    if (typeof contentType !== "string") {
      throw unreadable("Property content_type", "is missing: only application/json can be read.");
    }
    const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
    if (type !== "application/json") {
      throw unreadable("Property content_type", `is "${shorten(contentType)}": only application/json can be read.`);
    }
    const charset = parameters
      .find((parameter) => parameter.startsWith("charset="))
      ?.slice(8)
      .replaceAll('"', "");
    if (charset !== undefined && !charsets.has(charset)) {
      throw unreadable("Property content_type", `has the charset "${shorten(charset)}": only UTF-8 can be read.`);
    }
  }
  if (contentEncoding === undefined || contentEncoding === "utf-8" || contentEncoding === "") return;
  if (!encodings.has(contentEncoding.toLowerCase())) {
    throw unreadable("Property content_encoding", `is "${shorten(contentEncoding)}": only UTF-8 can be read.`);
  }
}

function decompress({ body, headers }: EncodedBody, maxPayload: number): Buffer {
  if (body.byteLength > maxPayload) throw tooLarge(`has ${body.byteLength} bytes`, maxPayload);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const compression = headers?.["compression"];
  if (compression === undefined || compression === null) return bytes;
  // n.b. kombu's "application/x-gzip" is zlib's format, not gzip's (kombu.compression registers zlib.compress); this reads both.
  if (compression !== "application/x-gzip") {
    const given = typeof compression === "string" ? `"${shorten(compression)}"` : kindOf(compression);
    throw unreadable('Header "compression"', `is ${given}: only zlib ("application/x-gzip") can be read.`);
  }
  try {
    return unzipSync(bytes, { maxOutputLength: maxPayload });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge("is larger when decompressed", maxPayload);
    throw unreadable("The body", 'is no zlib data, although its "compression" header says so.', error);
  }
}

function tooLarge(what: string, maxPayload: number): Error {
  return unreadable("The body", `${what}; the limit is ${maxPayload} bytes.`);
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
