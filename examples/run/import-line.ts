import cliTruncate from "cli-truncate";
import { bar, fit, join, type LineOptions } from "./file-line.ts";
import { isOver, totalFiles, unfinishedFiles, type ImportStatus } from "./follow-import.ts";
import { formatBytes, formatCount, formatDuration, printable, type Paint } from "./format.ts";

/** One import in one line. */
export function importLine(status: ImportStatus, options: LineOptions): string {
  const { paint, labelWidth, spinner, width } = options;
  const { record, problem } = status;
  const mark =
    problem !== undefined
      ? paint("yellow", "?")
      : record === undefined || !isOver(record)
        ? paint("cyan", spinner)
        : record.state === "SUCCESS"
          ? paint("green", "✔")
          : paint("red", "✘");
  return cliTruncate(`  ${mark} ${fit(printable(status.folder.label), labelWidth)}  ${detail(status, paint)}`, width - 1);
}

function detail({ record, problem, elapsed }: ImportStatus, paint: Paint): string {
  if (problem !== undefined) return paint("yellow", `not finished: ${printable(problem)}`);
  if (record === undefined) return paint("dim", "handing it to the catalog");
  const total = totalFiles(record);
  const ended = total - unfinishedFiles(record);
  const refused = record.files.failed === 0 ? [] : [paint("red", `${formatCount(record.files.failed)} refused`)];
  if (!isOver(record)) {
    return join(paint, [
      `${bar(ended / Math.max(1, total), paint)}  ${formatCount(ended)} of ${formatCount(total)} files`,
      ...refused,
    ]);
  }
  return join(paint, [
    `${formatCount(total)} files`,
    ...refused,
    `${formatCount(record.rows)} rows`,
    formatBytes(record.bytes),
    formatDuration(elapsed),
  ]);
}
