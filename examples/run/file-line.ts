import cliTruncate from "cli-truncate";
import stringWidth from "string-width";
import { formatBytes, formatCount, formatDuration, printable, type Paint } from "./format.ts";
import type { FileStatus } from "./follow.ts";

export interface LineOptions {
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
  /** Columns for the files' names. */
  readonly labelWidth: number;
  /** Stands before a file that is on its way. */
  readonly spinner: string;
}

const barWidth = 24;

/** One file in one line. */
export function fileLine(status: FileStatus, options: LineOptions): string {
  const { paint, labelWidth, spinner, width } = options;
  const { record, problem } = status;
  const mark =
    problem !== undefined
      ? paint("yellow", "?")
      : record?.state === "SUCCESS"
        ? paint("green", "✔")
        : record?.state === "FAILED"
          ? paint("red", "✘")
          : paint("cyan", spinner);
  return cliTruncate(`  ${mark} ${fit(printable(status.file.label), labelWidth)}  ${detail(status, paint)}`, width - 1);
}

/** Truncates or fills up, by columns of the terminal. */
export function fit(text: string, width: number): string {
  const short = cliTruncate(text, width, { position: "middle" });
  return short + " ".repeat(Math.max(0, width - stringWidth(short)));
}

/** As many columns as the longest name takes, within reason. */
export function labelWidthOf(labels: readonly string[], width: number): number {
  const longest = Math.max(8, ...labels.map((label) => stringWidth(printable(label))));
  return Math.min(longest, Math.max(12, Math.floor(width / 3)));
}

function detail({ record, problem, elapsed }: FileStatus, paint: Paint): string {
  if (problem !== undefined) return paint("yellow", `not finished: ${printable(problem)}`);
  switch (record?.state) {
    case "SUCCESS":
      return join(paint, [
        `${formatCount(record.rows ?? 0)} rows`,
        formatBytes(record.bytes ?? 0),
        `${record.columns?.length ?? 0} columns`,
        formatDuration(elapsed),
      ]);
    case "FAILED":
      return join(paint, [printable(record.reason ?? ""), formatDuration(elapsed)]);
    case "PENDING":
    case "PROCESSING":
      if (record.progress === undefined) return paint("dim", "waiting for processing");
      return `${bar(record.progress.bytes / Math.max(1, record.progress.totalBytes), paint)}  ${formatCount(record.progress.rows)} rows`;
    case undefined:
      return paint("dim", "handing it to the catalog");
  }
}

export function bar(share: number, paint: Paint): string {
  const full = Math.round(Math.min(1, share) * barWidth);
  const percent = `${Math.floor(Math.min(1, share) * 100)} %`.padStart(5);
  return `${paint("cyan", "━".repeat(full))}${paint("dim", "─".repeat(barWidth - full))} ${percent}`;
}

export function join(paint: Paint, parts: readonly string[]): string {
  return parts.join(paint("dim", " · "));
}
