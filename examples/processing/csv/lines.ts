import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Malformed } from "./malformed.ts";

/** No line, and no record, may be longer: what is held in memory stays small, whatever the file. */
export const maxLength = 1024 * 1024;

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Reads no faster than this. @default no limit */
  readonly bytesPerSecond?: number | undefined;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Reads a file in pieces of whole lines of valid UTF-8. A character never spans a line break, so each piece can
 * be checked by itself; everything before a bad line is handed out before the error is thrown.
 * @throws Malformed
 */
export async function* readLines(path: string, { signal, bytesPerSecond }: ReadOptions = {}): AsyncGenerator<Buffer, void> {
  const started = performance.now();
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) {
    if (offset === 0 && rest.length === 0) refuseUtf16(chunk);
    const pending = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = Math.max(pending.lastIndexOf(LF), pending.lastIndexOf(CR)) + 1;
    rest = pending.subarray(end);
    if (end > 0) yield* checkedLines(pending.subarray(0, end), offset);
    offset += end;
    if (rest.length > maxLength) throw new Malformed(offset, "a line longer than 1 MiB");
    if (bytesPerSecond !== undefined) {
      const due = started + ((offset + rest.length) / bytesPerSecond) * 1000;
      await sleep(Math.max(0, due - performance.now()), undefined, { signal });
    }
  }
  if (rest.length > 0) yield* checkedLines(rest, offset);
}

/** The 1-based line of a byte, reading the file up to it. LF, CRLF and a lone CR end a line, as in any editor. */
export async function lineAt(path: string, offset: number): Promise<number> {
  let line = 1;
  let previous: number | undefined;
  if (offset === 0) return line;
  for await (const chunk of createReadStream(path, { end: offset - 1 }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (byte === CR || (byte === LF && previous !== CR)) line += 1;
      previous = byte;
    }
  }
  return line;
}

function* checkedLines(lines: Buffer, offset: number): Generator<Buffer, void> {
  if (isUtf8(lines) && !lines.includes(0)) {
    yield lines;
    return;
  }
  for (let start = 0; start < lines.length;) {
    const end = endOfLine(lines, start);
    const line = lines.subarray(start, end);
    const problem = !isUtf8(line)
      ? "not valid UTF-8; save the file as UTF-8"
      : line.includes(0)
        ? "a NUL byte; this is no text"
        : undefined;
    if (problem !== undefined) {
      if (start > 0) yield lines.subarray(0, start);
      throw new Malformed(offset + start, problem);
    }
    start = end;
  }
}

function endOfLine(bytes: Buffer, start: number): number {
  let end = start;
  while (end < bytes.length && bytes[end] !== LF && bytes[end] !== CR) end += 1;
  return end + 1;
}

function refuseUtf16(start: Buffer): void {
  const mark = start.subarray(0, 2).toString("hex");
  if (mark === "fffe" || mark === "feff") throw new Malformed(0, "UTF-16; save the file as UTF-8");
}
