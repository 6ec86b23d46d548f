import { describe, expect, test } from "vitest";
import { Column } from "../../examples/dist/processing/csv/column.js";

function statisticsOf(cells: readonly string[]): ReturnType<Column["statistics"]> {
  const column = new Column("c");
  for (const cell of cells) column.add(cell);
  return column.statistics();
}

describe("a column's type is the narrowest that all cells fit", () => {
  test.for<[string, readonly string[]]>([
    ["integer", ["1", "-2", "+3", "0", "999999999999999"]],
    ["number", ["1", "2.5"]],
    ["number", ["1.5", "2"]],
    ["number", [".5", "-0.25", "1.", "1e3", "6.02E+23"]],
    ["date", ["2024-02-29", "2025-12-31T23:59:59.999Z", "2025-01-01 08:30", "2025-01-01T08:30:00+02:00"]],
    ["boolean", ["true", "FALSE", "yes", "No"]],
    ["text", ["1", "two"]],
    ["text", ["two", "1"]],
    ["text", ["1", "true"]],
    ["text", ["true", "1"]],
    ["text", ["2024-01-01", "1"]],
    ["text", ["2024-01-01", "1", "2024-01-01"]],
    // Codes, not numbers.
    ["text", ["007"]],
    ["text", ["1234567890123456"]],
    ["text", ["1,5"]],
    ["text", ["0x10"]],
    ["text", ["Infinity"]],
    ["text", ["1e999"]],
    ["text", [" 1"]],
    ["text", ["-"]],
    ["text", ["."]],
    // Days that don't exist.
    ["text", ["2023-02-29"]],
    ["text", ["2025-13-01"]],
    ["text", ["2025-01-01T24:30"]],
    ["text", []],
    ["text", ["", ""]],
  ])("%s: %j", ([type, cells]) => {
    expect(statisticsOf(cells).type).toBe(type);
  });

  test("empty cells fit every type", () => {
    expect(statisticsOf(["", "1", ""])).toEqual({ name: "c", type: "integer", empty: 2, min: 1, max: 1, mean: 1 });
  });
});

describe("numbers are summed up", () => {
  test("also when a column turns from integers to numbers", () => {
    expect(statisticsOf(["1", "-4", "4.5"])).toMatchObject({ type: "number", min: -4, max: 4.5, mean: 0.5 });
  });

  test("and not at all when it turns out to be text", () => {
    expect(statisticsOf(["1", "2", "many"])).toEqual({ name: "c", type: "text", empty: 0 });
  });
});
