import stringWidth from "string-width";
import type { SentNotice } from "@example/notifications";
import type { ColumnStatistics } from "@example/processing";
import { fit } from "./file-line.ts";
import type { FileStatus } from "./follow.ts";
import { formatBytes, formatCount, formatDuration, formatNumber, printable, type Paint } from "./format.ts";
import { table } from "./table.ts";

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

/** In milliseconds. */
export interface Times {
  /** Until the services were ready; undefined when they were running already. */
  readonly start: number | undefined;
  readonly run: number;
}

/** One line for everything. */
export function summary(statuses: readonly FileStatus[], { start, run }: Times): string {
  const bytes = statuses.reduce((sum, { record }) => sum + (record?.bytes ?? 0), 0);
  const count = (wanted: string): number => statuses.filter((status) => (status.record?.state ?? "") === wanted).length;
  const accepted = count("SUCCESS");
  const refused = count("FAILED");
  const unfinished = statuses.length - accepted - refused;
  return (
    `${formatCount(statuses.length)} ${statuses.length === 1 ? "file" : "files"}, ${formatBytes(bytes)}: ` +
    `${accepted} accepted, ${refused} refused${unfinished > 0 ? `, ${unfinished} not finished` : ""}. ` +
    `${formatDuration(run)}${start === undefined ? "" : `, after ${formatDuration(start)} for the services to start`}.`
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
