import type { Terminal } from "ligature/cli";
import { formatReport, type Format, type Report } from "./format.ts";

/** Prints a report; returns the exit code. */
export function printReport(
  report: Report,
  options: {
    readonly format: Format;
    readonly terminal: Terminal;
    /** Warnings count, too. */
    readonly strict: boolean;
    /** What was looked at, for the last line. */
    readonly subject: string;
  },
): number {
  const { format, terminal, strict, subject } = options;
  for (const line of formatReport(report, format)) terminal.out(line);
  const open = report.findings.filter(({ allowed }) => allowed === undefined);
  const errors = open.filter(({ severity }) => severity === "error").length;
  const warnings = open.length - errors + report.unused.length;
  const allowed = report.findings.length - open.length;
  const counts = [counted(errors, "error"), counted(warnings, "warning"), ...(allowed > 0 ? [`${allowed} allowed`] : [])];
  if (format === "text") terminal.out(`${subject}: ${counts.join(", ")}`);
  return errors > 0 || (strict && warnings > 0) ? 1 : 0;
}

function counted(count: number, what: string): string {
  return count === 0 ? `no ${what}s` : `${count} ${what}${count === 1 ? "" : "s"}`;
}
