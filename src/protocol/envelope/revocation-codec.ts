import { decodeBody, encodeBody, jsonProperties, type EncodedBody } from "./body.ts";
import type { Message } from "./message.ts";
import { isList, isObject, kindOf, unreadable } from "./unreadable.ts";

/** An entry of the log of revocations: ids that must not be started, or a mark by which its writer knows how far it has read. */
export type RevocationEntry =
  | {
      readonly ids: readonly string[];
      /** Of workflows nothing of which must be started. */
      readonly roots?: readonly string[];
      /** Until when it matters, epoch milliseconds: after that, none of these can run any more. */
      readonly until: number;
    }
  | { readonly mark: string };

export function encodeRevocation(entry: RevocationEntry): Pick<Message, "headers" | "properties" | "body"> {
  return { headers: {}, properties: jsonProperties, body: encodeBody(entry, "A revocation") };
}

/** @throws LigatureError `UNREADABLE` */
export function decodeRevocation(message: EncodedBody): RevocationEntry {
  const body = decodeBody(message);
  if (!isObject(body)) throw unreadable("The revocation", `must be an object, not ${kindOf(body)}.`);
  const { ids, roots = [], until, mark } = body;
  if (typeof mark === "string") return { mark };
  if (!isList(ids)) throw unreadable("ids", `must be a list, not ${kindOf(ids)}.`);
  if (typeof until !== "number") throw unreadable("until", `must be epoch milliseconds, not ${kindOf(until)}.`);
  if (!isList(roots)) throw unreadable("roots", `must be a list, not ${kindOf(roots)}.`);
  return { ids: ids.filter(isText), roots: roots.filter(isText), until };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
