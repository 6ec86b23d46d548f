import { Buffer } from "node:buffer";
import { isObject, parseIsoDate } from "../envelope/index.ts";

/**
 * kombu's typed values: since kombu 5.3 its JSON has `{"__type__": …, "__value__": …}`, exactly these two keys, for
 * what JSON lacks (kombu.utils.json).
 */
interface Envelope {
  readonly __type__: string;
  readonly __value__: unknown;
}

export function isEnvelope(value: object): value is Envelope {
  if (!isObject(value) || typeof value["__type__"] !== "string" || !Object.hasOwn(value, "__value__")) return false;
  return Object.hasOwn(value, "__type__") && Object.keys(value).length === 2;
}

export function base64Envelope(bytes: Uint8Array): { readonly __type__: "base64"; readonly __value__: string } {
  return {
    __type__: "base64",
    __value__: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  };
}

/**
 * What an envelope means where a schema of kind `wanted` (zod's `def.type`) reads it: a datetime is text for
 * `z.string()` and a Date otherwise. The envelope itself when its type or content is unknown to kombu.
 */
export function readEnvelope(envelope: Envelope, wanted: string): unknown {
  const { __type__: type, __value__: content } = envelope;
  switch (type) {
    case "datetime":
      return typeof content !== "string" ? envelope : wanted === "string" ? content : (toDate(content) ?? envelope);
    case "date":
      return typeof content !== "string" ? envelope : wanted === "date" ? (toDate(content) ?? envelope) : content;
    case "time":
      return typeof content === "string" ? content : envelope;
    case "decimal":
      return typeof content === "string" ? readDecimal(content, wanted) : envelope;
    case "uuid":
      return readUuid(content) ?? envelope;
    case "bytes":
      return typeof content !== "string" ? envelope : wanted === "string" ? content : new Uint8Array(Buffer.from(content));
    case "base64":
      return typeof content === "string" ? new Uint8Array(Buffer.from(content, "base64")) : envelope;
    default:
      return envelope;
  }
}

function toDate(text: string): Date | undefined {
  const time = parseIsoDate(text);
  return time === undefined ? undefined : new Date(time);
}

/** A Decimal is text, since no number holds all of them; a schema that wants a number gets one. */
function readDecimal(text: string, wanted: string): unknown {
  if (wanted === "number" && text.trim() !== "" && !Number.isNaN(Number(text))) return Number(text);
  return text;
}

/** kombu writes the hexadecimal digits, and in 5.3.0 the version beside them. */
function readUuid(content: unknown): string | undefined {
  const hex = isObject(content) ? content["hex"] : undefined;
  if (typeof hex !== "string" || !/^[0-9a-f]{32}$/i.test(hex)) return undefined;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
