import { relative } from "node:path";
import type { Format, Report } from "./index.ts";
import type { Current } from "../manifest/index.ts";
import { UsageError, type Terminal } from "../commands/command.ts";

/** What `breaking` and `lint` have in common: which contracts they look at, and how they say what they found. */

export async function currentContracts(cwd: string, folders: readonly string[]): Promise<readonly Current[]> {
  const [{ currentOf }, { findContractPackages }] = await Promise.all([
    import("../manifest/index.ts"),
    import("../workspace/index.ts"),
  ]);
  const packages = await findContractPackages(cwd, folders);
  if (packages.length === 0) {
    throw new UsageError(
      'there is no contract package here. Its package.json needs "ligature": { "contract": "./src/contract.ts" }.',
    );
  }
  return packages.map((each) => currentOf(each, relative(cwd, each.dir).replaceAll("\\", "/") || "."));
}

/** Whether an error is the user's, said in one line. */
export function isMisuse(error: unknown): error is Error {
  return error instanceof Error && ["BaselineProblem", "ManifestProblem", "PackageProblem"].includes(error.name);
}

export function formatOf(format: string | undefined): Format {
  if (format === undefined || format === "text") return "text";
  if (format === "json" || format === "github") return format;
  throw new UsageError(`--format must be text, json or github, got "${format}".`);
}

/** Prints a report; returns the exit code. */
export async function print(
  report: Report,
  options: {
    readonly format: Format;
    readonly terminal: Terminal;
    /** Warnings count, too. */
    readonly strict: boolean;
    /** What was looked at, for the last line. */
    readonly subject: string;
  },
): Promise<number> {
  const { format, terminal, strict, subject } = options;
  const { formatReport } = await import("./index.ts");
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
