import { basename } from "node:path";
import stringWidth from "string-width";
import type { SentNotice } from "@example/notifications";
import type { ColumnStatistics } from "@example/processing";
import { fit } from "./file-line.ts";
import type { FileStatus } from "./follow.ts";
import { totalFiles, type ImportStatus } from "./follow-import.ts";
import { formatBytes, formatCount, formatDuration, formatNumber, printable, type Paint } from "./format.ts";
import { table } from "./table.ts";

export interface ReportOptions {
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
}

/** How many columns of a file are described before "and … more". */
const describedColumns = 12;
/** How many refused files of folders are listed before "and … more". */
const listedRefusals = 20;

/** What became of each file. */
export function fileTable(statuses: readonly FileStatus[], { paint, width }: ReportOptions): string {
  const rows = statuses.map((status) => {
    const { file, record } = status;
    return [
      printable(file.label),
      stateName(record?.state, status.problem, paint),
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

/** What became of each folder. */
export function importTable(imports: readonly ImportStatus[], { paint, width }: ReportOptions): string {
  const rows = imports.map(({ folder, record, problem }) => {
    const counts =
      record === undefined ? undefined : [totalFiles(record), record.files.success, record.files.failed, record.rows];
    return [
      printable(folder.label),
      stateName(record?.state, problem, paint),
      ...(counts?.map(formatCount) ?? ["", "", "", ""]),
      record === undefined ? "" : formatBytes(record.bytes),
      printable(problem === undefined ? (record?.reason ?? "") : `not finished: ${problem}`),
    ];
  });
  return table({
    head: ["folder", "state", "files", "accepted", "refused", "rows", "size", "why not"],
    rows,
    alignRight: [2, 3, 4, 5, 6],
    separated: false,
    width,
    paint,
  });
}

/** Which files of the folders were refused, and why; undefined when none was. */
export function refusalTable(imports: readonly ImportStatus[], { paint, width }: ReportOptions): string | undefined {
  const rows = imports.flatMap(({ folder, record }) =>
    (record?.refused ?? []).map(({ path, reason }) => [printable(`${folder.label}/${basename(path)}`), printable(reason)]),
  );
  if (rows.length === 0) return undefined;
  const more = sum(imports.map(({ record }) => record?.files.failed ?? 0)) - Math.min(rows.length, listedRefusals);
  const shown = [...rows.slice(0, listedRefusals), ...(more > 0 ? [[`and ${formatCount(more)} more`, ""]] : [])];
  return table({ head: ["refused", "why"], rows: shown, alignRight: [], separated: false, width, paint });
}

/** In milliseconds. */
export interface Times {
  /** Until the services were ready; undefined when they were running already. */
  readonly start: number | undefined;
  readonly run: number;
}

/** One line for everything. */
export function summary(files: readonly FileStatus[], imports: readonly ImportStatus[], { start, run }: Times): string {
  const records = imports.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const single = (wanted: string): number => files.filter((status) => (status.record?.state ?? "") === wanted).length;
  const total = files.length + sum(records.map(totalFiles));
  const bytes = sum([...files.map(({ record }) => record?.bytes ?? 0), ...records.map((record) => record.bytes)]);
  const accepted = single("SUCCESS") + sum(records.map((record) => record.files.success));
  const refused = single("FAILED") + sum(records.map((record) => record.files.failed));
  const unfinished = total - accepted - refused;
  const lost = imports.length - records.length;
  const counts = [
    `${formatCount(accepted)} accepted`,
    `${formatCount(refused)} refused`,
    ...(unfinished > 0 ? [`${formatCount(unfinished)} not finished`] : []),
    ...(lost > 0 ? [`${lost} ${lost === 1 ? "folder" : "folders"} not imported`] : []),
  ];
  return (
    `${formatCount(total)} ${total === 1 ? "file" : "files"}, ${formatBytes(bytes)}: ${counts.join(", ")}. ` +
    `${formatDuration(run)}${start === undefined ? "" : `, after ${formatDuration(start)} for the services to start`}.`
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function stateName(state: string | undefined, problem: string | undefined, paint: Paint): string {
  const name = state ?? "unknown";
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
