import { createHash } from "node:crypto";

/** 12 hexadecimal digits of SHA-256: 48 bits, enough to tell versions of one thing apart. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
