import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import type { ColumnStatistics, FileProgress } from "@example/processing";
import { Column } from "./column.ts";
import { readHeader } from "./header.ts";
import type { ReadOptions } from "./lines.ts";
import { Malformed } from "./malformed.ts";
import { readRecords } from "./records.ts";

export interface DescribeOptions extends ReadOptions {
  readonly delimiter: string;
  readonly strict: boolean;
  /** Called after each piece of the file. */
  readonly onProgress?: (progress: FileProgress) => void;
}

export interface FileDescription {
  rows: number;
  bytes: number;
  checksum: string;
  columns: ColumnStatistics[];
}

/**
 * Reads a CSV file once, from start to end: every record is checked against the header, every cell counted.
 * Memory does not grow with the file.
 * @throws Malformed
 */
export async function describeFile(path: string, options: DescribeOptions): Promise<FileDescription> {
  const { delimiter, strict, onProgress, ...reading } = options;
  const { size } = await stat(path);
  const hash = createHash("sha256");
  let columns: Column[] | undefined;
  let rows = 0;
  let bytes = 0;

  await readRecords(path, {
    ...reading,
    delimiter,
    onRecord(cells, offset) {
      if (columns === undefined) {
        columns = readHeader(cells, offset, strict).map((name) => new Column(name));
      } else if (cells.length === columns.length) {
        rows += 1;
        for (const [index, cell] of cells.entries()) columns[index]?.add(cell);
      } else if (!isBlankLine(cells)) {
        throw new Malformed(
          offset,
          `expected ${columns.length} ${columns.length === 1 ? "cell" : "cells"}, found ${cells.length}`,
        );
      } else if (strict) {
        throw new Malformed(offset, "a blank line");
      }
    },
    onPiece(piece) {
      hash.update(piece);
      bytes += piece.length;
      onProgress?.({ bytes, totalBytes: Math.max(bytes, size), rows });
      return true;
    },
  });

  if (columns === undefined) throw new Malformed(0, "the file is empty");
  return { rows, bytes, checksum: hash.digest("hex"), columns: columns.map((column) => column.statistics()) };
}

function isBlankLine(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0] === "";
}
