import Table from "cli-table3";
import stringWidth from "string-width";
import { fit } from "./file-line.ts";
import type { Paint } from "./format.ts";

export interface TableOptions {
  readonly head: readonly string[];
  /** The last cell of a row may have several lines. */
  readonly rows: readonly (readonly string[])[];
  /** Columns of numbers. */
  readonly alignRight: readonly number[];
  /** Whether lines separate the rows. */
  readonly separated: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
}

const padding = 2;
/** A last column narrower than this would be hard to read: then its cells go below their rows. */
const comfortable = 44;
/** What is left of a name on the narrowest of terminals. */
const minimum = 12;

/** A table that fits the terminal: the last column gets what the others leave, and wraps. */
export function table({ head, rows, alignRight, separated, width, paint }: TableOptions): string {
  const [wanted = 0, ...others] = head.map(
    (_, index) => padding + Math.max(...[head, ...rows].map((row) => widthOf(row[index] ?? ""))),
  );
  const last = others.pop() ?? 0;
  const besideOthers = width - wanted - sum(others) - (others.length + 3);
  const beside = besideOthers >= Math.min(last, comfortable);
  // Below, the last cell is as wide as all others together: the first column, which holds names, makes up for the rest.
  // n.b. cli-table3 wraps a cell that spans columns as if there were no borders between them.
  const room = width - sum(others) - (others.length + 2);
  const first = beside ? wanted : Math.max(minimum, Math.min(Math.max(wanted, last - sum(others)), room));
  const columns = [first, ...others, ...(beside ? [Math.min(last, besideOthers)] : [])];

  const grid = new Table({
    head: head.slice(0, columns.length).map((title) => paint("bold", title)),
    colWidths: columns,
    colAligns: columns.map((_, index) => (alignRight.includes(index) ? "right" : "left")),
    wordWrap: true,
    style: { head: [], border: [], compact: !separated },
  });
  for (const [name = "", ...cells] of rows) {
    const row = [fit(name, first - padding), ...cells];
    if (beside) {
      grid.push(row);
    } else {
      const content = row.pop() ?? "";
      grid.push(row);
      if (content !== "") grid.push([{ content, colSpan: columns.length }]);
    }
  }
  return grid.toString();
}

/** Of the longest line. */
function widthOf(cell: string): number {
  return Math.max(...cell.split("\n").map((line) => stringWidth(line)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
