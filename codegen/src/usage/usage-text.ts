import type { UsagePlace, UsageReport } from "./report.ts";

/** A report for people: one line each, as compilers write them. */
export function usageText({ uses, links, unresolved }: UsageReport): readonly string[] {
  const lines = [
    ...uses.map((use) => ({ ...use, text: `${use.kind} ${use.task}` })),
    ...links.map((link) => ({ ...link, text: `${link.kind} ${link.parent ?? "?"} → ${link.callback}` })),
    ...unresolved.map((each) => ({ ...each, text: `unresolved${each.task === undefined ? "" : ` ${each.task}`}: ${each.why}` })),
  ];
  return [
    ...lines.sort(byPlace).map((line) => `${line.file}:${line.line}:${line.column} ${line.text}`),
    `${counted(uses.length, "use")}, ${counted(links.length, "link")}, ${unresolved.length} unresolved`,
  ];
}

/** By file, and within it from top to bottom. */
export function byPlace(a: UsagePlace, b: UsagePlace): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
