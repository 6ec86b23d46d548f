import { Buffer } from "node:buffer";
import { schemaDef, type SchemaLike } from "../../contract/index.ts";
import { isList, isObject, parseIsoDate, readNumbers } from "../envelope/index.ts";
import { accepts } from "./schema-facts.ts";

/**
 * kombu's typed values: since kombu 5.3 its JSON has `{"__type__": …, "__value__": …}`, exactly these two keys, for
 * what JSON lacks (kombu.utils.json).
 */
export interface TypedValue {
  readonly __type__: string;
  readonly __value__: unknown;
}

export function isTypedValue(value: object): value is TypedValue {
  if (!isObject(value) || typeof value["__type__"] !== "string" || !Object.hasOwn(value, "__value__")) return false;
  return Object.hasOwn(value, "__type__") && Object.keys(value).length === 2;
}

/** Whether there is one anywhere inside. */
export function holdsTypedValue(json: unknown): boolean {
  if (typeof json !== "object" || json === null || ArrayBuffer.isView(json)) return false;
  if (isList(json)) return json.some(holdsTypedValue);
  if (isTypedValue(json)) return true;
  for (const key in json) {
    const item: unknown = (json as Readonly<Record<string, unknown>>)[key];
    if (typeof item === "object" && holdsTypedValue(item)) return true;
  }
  return false;
}

export function base64Value(bytes: Uint8Array): { readonly __type__: "base64"; readonly __value__: string } {
  return {
    __type__: "base64",
    __value__: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  };
}

/** Kinds of zod schemas whose values are text. */
const textKinds: ReadonlySet<string> = new Set(["string", "enum", "literal", "template_literal"]);

/**
 * The meaning of a typed value for a schema: a datetime is text for `z.string()` and a Date otherwise. The typed value
 * itself when its type or content is unknown to kombu.
 */
export function readTypedValue(typed: TypedValue, schema: SchemaLike | undefined): unknown {
  const { __type__: type, __value__: content } = typed;
  const kind = schema === undefined ? "unknown" : schemaDef(schema).type;
  const wanted = textKinds.has(kind) ? "string" : kind;
  switch (type) {
    case "datetime":
      if (typeof content !== "string") return typed;
      return wanted === "string" ? datetimeText(content, schema) : (toDate(content) ?? typed);
    case "date":
      return typeof content !== "string" ? typed : wanted === "date" ? (toDate(content) ?? typed) : content;
    case "time":
      return typeof content === "string" ? content : typed;
    case "decimal":
      return typeof content === "string" ? readDecimal(content, wanted) : typed;
    case "uuid":
      return readUuid(content) ?? typed;
    case "bytes":
      return typeof content !== "string" ? typed : wanted === "string" ? content : new Uint8Array(Buffer.from(content));
    case "base64":
      return typeof content === "string" ? new Uint8Array(Buffer.from(content, "base64")) : typed;
    default:
      return typed;
  }
}

/**
 * A datetime as the text that its schema takes: as Python writes it, or in UTC with `Z`, which is the only form that
 * `z.iso.datetime()` takes and the one that kombu wrote before 5.3; milliseconds where it asks for no more.
 */
function datetimeText(text: string, schema: SchemaLike | undefined): string {
  if (schema === undefined || accepts(schema, text)) return text;
  const utc = toDate(text)?.toISOString();
  if (utc === undefined) return text;
  const digits = /T\d\d:\d\d:\d\d(\.\d+)?/.exec(text)?.[1] ?? "";
  const exact = utc.replace(/\.\d+Z$/, `${digits}Z`);
  return [exact, utc, utc.replace(/\.\d+Z$/, "Z")].find((form) => accepts(schema, form)) ?? text;
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

/** A typed value as text; undefined when its type or content is unknown to kombu, or no text. */
export function plainText({ __type__: type, __value__: content }: TypedValue): string | undefined {
  if (type === "uuid") return readUuid(content);
  const isText = type === "datetime" || type === "date" || type === "time" || type === "decimal" || type === "bytes";
  return isText && typeof content === "string" ? content : undefined;
}

/** JSON for where no schema is and only JSON may stand, as in headers: typed values as text, all numbers as JavaScript has them. */
export function plainJson(json: unknown): unknown {
  const read = readNumbers(json);
  return typeof read === "object" || typeof read === "bigint" ? toPlain(read) : read;
}

function toPlain(json: unknown): unknown {
  if (typeof json === "bigint") return Number(json);
  if (typeof json !== "object" || json === null) return json;
  if (isList(json)) return json.map(toPlain);
  if (isTypedValue(json)) return plainText(json) ?? json;
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, toPlain(item)]));
}
