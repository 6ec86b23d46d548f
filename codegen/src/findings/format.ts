import type { UnusedAllowance } from "./allowed.ts";
import { placeOf, type Finding, type SourcePlace } from "./finding.ts";

export const formats = ["text", "json", "github"] as const;
export type Format = (typeof formats)[number];

/** What a command has to say. */
export interface Report {
  /** Of the command: `breaking`. */
  readonly command: string;
  readonly findings: readonly Finding[];
  readonly unused: readonly (UnusedAllowance & { readonly source?: SourcePlace | undefined })[];
  /** What isn't about a contract's text, one line each. */
  readonly notes: readonly string[];
}

/** A report as lines: for people, as one JSON document, or as annotations of a GitHub workflow. */
export function formatReport(report: Report, format: Format): readonly string[] {
  switch (format) {
    case "text":
      return asText(report);
    case "json":
      return [asJson(report)];
    case "github":
      return asAnnotations(report);
  }
}

function asText({ findings, unused, notes }: Report): readonly string[] {
  // What to do about it is the same for all findings of a rule.
  const said = new Set<string>();
  const lines = findings
    .filter(({ allowed }) => allowed === undefined)
    .map(({ rule, severity, categories, place, why, fix, source }) => {
      const head = [
        ...(source === undefined ? [] : [at(source)]),
        severity,
        rule,
        ...(categories.length > 0 ? [`(${categories.join(", ")})`] : []),
        place,
      ];
      const isNew = !said.has(rule);
      said.add(rule);
      return `${head.join(" ")}\n  ${why}${isNew ? `\n  ${fix}` : ""}`;
    });
  const allowed = findings.flatMap(({ allowed: reason, rule, place }) =>
    reason === undefined ? [] : [`allowed ${rule} ${place}: ${reason}`],
  );
  return [
    ...lines,
    ...allowed,
    ...unused.map((each) => `${each.source === undefined ? "" : `${at(each.source)} `}warning ${unusedText(each)}`),
    ...notes,
  ];
}

function asJson({ command, findings, unused, notes }: Report): string {
  return JSON.stringify(
    {
      command,
      findings: findings.map(({ spot: { contract, task, part }, ...rest }) => ({ ...rest, contract, task, part })),
      unused: unused.map(({ spot: { contract, task }, entry, source }) => ({ contract, task, entry, source })),
      notes,
    },
    undefined,
    2,
  );
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
function asAnnotations({ command, findings, unused, notes }: Report): readonly string[] {
  return [
    ...findings
      .filter(({ allowed }) => allowed === undefined)
      .map(({ rule, severity, categories, place, why, fix, source }) => {
        const title = `ligature ${command}: ${rule}${categories.length > 0 ? ` (${categories.join(", ")})` : ""}`;
        return annotation(severity, title, `${place}: ${why}\n${fix}`, source);
      }),
    ...unused.map((each) => annotation("warning", `ligature ${command}`, unusedText(each), each.source)),
    ...notes.map((note) => annotation("notice", `ligature ${command}`, note, undefined)),
  ];
}

function annotation(kind: string, title: string, message: string, source: SourcePlace | undefined): string {
  const place = source === undefined ? [] : [`file=${property(source.file)}`, `line=${source.line}`, `col=${source.column}`];
  return `::${kind} ${[...place, `title=${property(title)}`].join(",")}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function at({ file, line, column }: SourcePlace): string {
  return `${file}:${line}:${column}`;
}

function unusedText({ spot, entry }: UnusedAllowance): string {
  return `${placeOf(spot)} allows "${entry}", but there is nothing to allow any more; remove it.`;
}
