import Table from "cli-table3";
import cliTruncate from "cli-truncate";
import stringWidth from "string-width";
import type { SentNotice } from "@example/notifications";
import type { ColumnStatistics } from "@example/processing";
import { fit } from "./file-line.ts";
import type { FileStatus } from "./follow.ts";
import { formatBytes, formatCount, formatDuration, formatNumber, printable, type Paint } from "./format.ts";

export interface ReportOptions {
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
}

/** How many columns of a file are described before "and … more". */
const describedColumns = 12;

/** What became of each file. */
export function fileTable(statuses: readonly FileStatus[], { paint, width }: ReportOptions): string {
  const rows = statuses.map((status) => {
    const { file, record } = status;
    return [
      printable(file.label),
      state(status, paint),
      record?.rows === undefined ? "" : formatCount(record.rows),
      record?.bytes === undefined ? "" : formatBytes(record.bytes),
      record?.checksum?.slice(0, 8) ?? "",
      outcome(status, paint),
    ];
  });
  return table({
    head: ["file", "state", "rows", "size", "SHA-256", "columns, or why not"],
    rows,
    alignRight: [2, 3],
    separated: true,
    width,
    paint,
  });
}

/** Who was told what. */
export function noticeTable(notices: readonly SentNotice[], { paint, width }: ReportOptions): string {
  const rows = notices.map(({ recipient, sentAt, text }) => [
    printable(recipient),
    sentAt.toTimeString().slice(0, 8),
    printable(text),
  ]);
  return table({ head: ["told", "at", "what"], rows, alignRight: [], separated: false, width, paint });
}

/** One line for everything. */
export function summary(statuses: readonly FileStatus[], times: { readonly start: number; readonly run: number }): string {
  const bytes = statuses.reduce((sum, { record }) => sum + (record?.bytes ?? 0), 0);
  const count = (wanted: string): number => statuses.filter((status) => (status.record?.state ?? "") === wanted).length;
  const accepted = count("SUCCESS");
  const refused = count("FAILED");
  const unfinished = statuses.length - accepted - refused;
  return (
    `${formatCount(statuses.length)} ${statuses.length === 1 ? "file" : "files"}, ${formatBytes(bytes)}: ` +
    `${accepted} accepted, ${refused} refused${unfinished > 0 ? `, ${unfinished} not finished` : ""}. ` +
    `${formatDuration(times.run)}, after ${formatDuration(times.start)} for the services to start.`
  );
}

function state({ record, problem }: FileStatus, paint: Paint): string {
  const name = record?.state ?? "unknown";
  if (problem !== undefined) return paint("yellow", name);
  return paint(name === "SUCCESS" ? "green" : "red", name);
}

function outcome({ record, problem }: FileStatus, paint: Paint): string {
  if (problem !== undefined) return `not finished: ${printable(problem)}`;
  if (record?.reason !== undefined) return printable(record.reason);
  const columns = record?.columns ?? [];
  const described = columns.slice(0, describedColumns);
  const nameWidth = Math.min(20, Math.max(0, ...described.map(({ name }) => stringWidth(printable(name)))));
  // `temperature  number   -15 to 39.99, mean 12.5, 3,455 empty`
  const lines = described.map((column) => {
    const type = paint("cyan", column.type.padEnd("integer".length));
    return `${fit(printable(column.name), nameWidth)}  ${type}  ${paint("dim", facts(column))}`.trimEnd();
  });
  const more = columns.length - described.length;
  return [...lines, ...(more > 0 ? [`and ${formatCount(more)} more`] : [])].join("\n");
}

function facts({ empty, min, max, mean }: ColumnStatistics): string {
  return [
    ...(min === undefined || max === undefined ? [] : [`${formatNumber(min)} to ${formatNumber(max)}`]),
    ...(mean === undefined ? [] : [`mean ${formatNumber(mean)}`]),
    ...(empty === 0 ? [] : [`${formatCount(empty)} empty`]),
  ].join(", ");
}

interface TableOptions {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly alignRight: readonly number[];
  /** Lines between rows. */
  readonly separated: boolean;
  readonly width: number;
  readonly paint: Paint;
}

/** The last column gets what the others leave, and wraps. */
function table({ head, rows, alignRight, separated, width, paint }: TableOptions): string {
  const padding = 2;
  const widths = head.slice(0, -1).map((title, index) => {
    const longest = Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[index] ?? "")));
    return Math.min(longest, Math.max(12, Math.floor(width / 4))) + padding;
  });
  const borders = head.length + 1;
  const rest = width - borders - widths.reduce((sum, column) => sum + column, 0);
  const longestLine = Math.max(
    ...[head, ...rows].flatMap((row) => (row.at(-1) ?? "").split("\n").map((line) => stringWidth(line))),
  );
  // The names of files differ at their ends, where a table would cut them.
  const firstWidth = (widths[0] ?? width) - padding;
  const grid = new Table({
    head: head.map((title) => paint("bold", title)),
    colWidths: [...widths, Math.min(longestLine + padding, Math.max(24, rest))],
    colAligns: head.map((_, index) => (alignRight.includes(index) ? "right" : "left")),
    wordWrap: true,
    style: { head: [], border: [], compact: !separated },
  });
  grid.push(...rows.map(([first = "", ...others]) => [cliTruncate(first, firstWidth, { position: "middle" }), ...others]));
  return grid.toString();
}
