import { createHash } from "node:crypto";
import type { TaskMessage } from "../task/index.ts";

/** Our own namespace (RFC 9562, 6.6): a random UUID. */
const namespace = Buffer.from("6f0d1c7ea5b64c0f9a2be1d4c83b75f2", "hex");

/**
 * Ids of what follows from a request, for those that have none: one after the other, always the same for the same request,
 * position and generation. So what is sent twice, since its worker was lost in between, has one id. Retries don't count: a
 * request has one ending.
 * @param id the request, or the group of a chord
 * @param position what of it, such as `link 0`
 */
export function owedIds({ id, generation }: Pick<TaskMessage, "id" | "generation">, position: string): () => string {
  let next = 0;
  return () => uuidOf(`${id}\n${generation}\n${position}\n${next++}`);
}

/** UUIDv5. */
function uuidOf(name: string): string {
  const hash = createHash("sha1").update(namespace).update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
