import { Malformed } from "./malformed.ts";

/** A table with more columns is a mistake, and its description would not fit a message. */
const maxColumns = 1000;

/**
 * Column names from a file's first record. In a strict file they are given and differ; elsewhere a column without a
 * name is called by its number.
 * @throws Malformed
 */
export function readHeader(cells: readonly string[], offset: number, strict: boolean): string[] {
  if (cells.every((cell) => cell.trim() === ""))
    throw new Malformed(offset, "no column names; the first line must be the header");
  if (cells.length > maxColumns) throw new Malformed(offset, `${cells.length} columns; at most ${maxColumns} are supported`);
  const names = cells.map((cell) => cell.trim());
  if (strict) {
    const unnamed = names.indexOf("");
    if (unnamed >= 0) throw new Malformed(offset, `column ${unnamed + 1} has no name`);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Malformed(offset, `two columns are called "${twice}"`);
  }
  return names.map((name, index) => (name === "" ? `column ${index + 1}` : name));
}
