import type { UsagePlace, UsageReport } from "./report.ts";

/** A report for people: one line each, as compilers write them. */
export function usageText(report: UsageReport): readonly string[] {
  const { uses, links, unresolved } = report;
  const lines = [
    ...uses.map((use) => ({ ...use, text: `${use.kind} ${use.task}` })),
    ...links.map((link) => ({ ...link, text: `${link.kind} ${link.parent ?? "?"} → ${link.callback}` })),
    ...unresolved.map((each) => ({ ...each, text: `unresolved${each.task === undefined ? "" : ` ${each.task}`}: ${each.why}` })),
  ];
  return [
    ...lines
      .sort((a, b) => Number(a.test ?? false) - Number(b.test ?? false) || byPlace(a, b))
      .map((line) => `${line.file}:${line.line}:${line.column} ${line.test === true ? "(test) " : ""}${line.text}`),
    summary(report, false),
    ...(lines.some(({ test }) => test === true) ? [`In tests: ${summary(report, true)}`] : []),
  ];
}

/** How many of each there are: in programs, or in their tests. */
function summary({ uses, links, unresolved }: UsageReport, inTests: boolean): string {
  const count = (places: readonly UsagePlace[]): number => places.filter(({ test = false }) => test === inTests).length;
  return `${counted(count(uses), "use")}, ${counted(count(links), "link")}, ${count(unresolved)} unresolved`;
}

/** By file, and within it from top to bottom. */
export function byPlace(a: UsagePlace, b: UsagePlace): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
