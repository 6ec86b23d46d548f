import { availableParallelism } from "node:os";
import type { Comparison, Round } from "./compare.ts";
import type { Side } from "./side.ts";
import { median } from "./statistics.ts";
import type { Sample } from "./workload.ts";

const header = ["workload", "raw", "ligature", "", "ratio", "(rounds)", "client µs/task", "worker µs/task", "load"];

export function formatTable(comparisons: readonly Comparison[]): string {
  const rows = [header, ...comparisons.map(rowOf)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  return [...lines, "", ...footnotes(comparisons)].join("\n");
}

function rowOf({ title, unit, better, ratio, rounds }: Comparison): string[] {
  const value = (side: Side): string => number(median(rounds.map((round) => round[side].value)));
  return [
    title,
    value("raw"),
    value("ligature"),
    `${unit} ${better === "higher" ? "↑" : "↓"}`,
    `${ratio.median.toFixed(2)}×`,
    `${ratio.lowest.toFixed(2)}–${ratio.highest.toFixed(2)}`,
    cpu(rounds, (sample) => sample.clientCpu),
    cpu(rounds, (sample) => sample.workerCpu),
    Math.max(...rounds.map(({ load }) => load)).toFixed(1),
  ];
}

function cpu(rounds: readonly Round[], of: (sample: Sample) => number | undefined): string {
  const [raw, ligature] = (["raw", "ligature"] as const).map((side) =>
    median(rounds.map((round) => of(round[side])).filter((value) => value !== undefined)),
  );
  return raw === undefined || ligature === undefined || Number.isNaN(raw) ? "" : `${number(raw)} → ${number(ligature)}`;
}

function footnotes(comparisons: readonly Comparison[]): string[] {
  const notes = [
    "raw and ligature are medians over the rounds; ratio is ligature ÷ raw of each round, its median, lowest and highest.",
    "↑ more is better, ↓ less is better. CPU is user and system time of the process per task, raw → ligature.",
  ];
  const busiest = Math.max(...comparisons.flatMap(({ rounds }) => rounds.map(({ load }) => load)));
  if (busiest > availableParallelism() + 2) {
    notes.push(
      `The machine was busy with something else (load ${busiest.toFixed(1)}): believe the CPU columns more than the rates.`,
    );
  }
  return notes;
}

/** Three digits are more than the measurement has. */
function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
