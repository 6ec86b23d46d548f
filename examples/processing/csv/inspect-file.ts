import { stat } from "node:fs/promises";
import { readHeader } from "./header.ts";
import type { ReadOptions } from "./lines.ts";
import { Malformed } from "./malformed.ts";
import { readRecords } from "./records.ts";

export interface FileInspection {
  bytes: number;
  columns: string[];
}

/**
 * A first look: the size and the column names, from the first few kilobytes.
 * @throws Malformed
 */
export async function inspectFile(path: string, options: ReadOptions = {}): Promise<FileInspection> {
  const { size: bytes } = await stat(path);
  let columns: string[] | undefined;
  await readRecords(path, {
    ...options,
    delimiter: ",",
    onRecord: (cells, offset) => (columns ??= readHeader(cells, offset, false)),
    onPiece: () => columns === undefined,
  });
  if (columns === undefined) throw new Malformed(0, "the file is empty");
  return { bytes, columns };
}
