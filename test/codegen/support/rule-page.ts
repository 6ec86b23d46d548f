import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../support/documents.ts";

/** A rule as its page describes it. */
export interface RuleSection {
  readonly name: string;
  /** Its text without the example, on one line. */
  readonly text: string;
  readonly example: Example;
}

export interface Example {
  /** What stands behind the fence's language: a file's name, or nothing. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** The sections of a page of rules, in its order; each has one block of `diff`. */
export function ruleSections(page: string): readonly RuleSection[] {
  const text = readFileSync(join(projectRoot, page), "utf8");
  return text
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const name = section.slice(0, section.indexOf("\n"));
      const block = /```diff(.*)\n([^]*?)\n```/.exec(section);
      if (block === null) return [];
      const [whole, file = "", diff = ""] = block;
      const side = (mark: string): string =>
        diff
          .split("\n")
          .filter((line) => line.startsWith(" ") || line.startsWith(mark))
          .map((line) => line.slice(1))
          .join("\n");
      const words = section.slice(name.length).replace(whole, " ").replaceAll(/\s+/g, " ").trim();
      return [{ name, text: words, example: { file: file.trim(), before: side("-"), after: side("+") } }];
    });
}
