import type { ColumnStatistics } from "@example/processing";
import { isBoolean, isDate, isInteger, isNumber } from "./cell.ts";

/** From narrow to wide: a column has the first type that all its cells fit. */
const types = [
  { name: "integer", fits: isInteger },
  { name: "number", fits: isNumber },
  { name: "date", fits: isDate },
  { name: "boolean", fits: isBoolean },
] as const;

/** Finds out what the cells of one column have in common, one cell at a time. */
export class Column {
  readonly #name: string;
  /** The types that every cell so far fits. Only shrinks; once it is empty, the column is text. */
  #possible: readonly (typeof types)[number][] = types;
  #empty = 0;
  #filled = 0;
  #min = Infinity;
  #max = -Infinity;
  #sum = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(cell: string): void {
    if (cell === "") {
      this.#empty += 1;
      return;
    }
    this.#filled += 1;
    // After the first cell, what is possible is a chain of subsets (integer, number), so the narrowest speaks for all.
    if (this.#filled === 1 || this.#possible[0]?.fits(cell) === false) {
      this.#possible = this.#possible.filter((type) => type.fits(cell));
    }
    if (this.#isNumeric()) {
      const value = Number(cell);
      this.#min = Math.min(this.#min, value);
      this.#max = Math.max(this.#max, value);
      this.#sum += value;
    }
  }

  statistics(): ColumnStatistics {
    const type = this.#filled === 0 ? "text" : (this.#possible[0]?.name ?? "text");
    const numbers =
      this.#filled > 0 && this.#isNumeric() ? { min: this.#min, max: this.#max, mean: this.#sum / this.#filled } : {};
    return { name: this.#name, type, empty: this.#empty, ...numbers };
  }

  #isNumeric(): boolean {
    const narrowest = this.#possible[0]?.name;
    return narrowest === "integer" || narrowest === "number";
  }
}
