import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot: string = fileURLToPath(new URL("../..", import.meta.url));

/** A fenced block of a document. */
export interface CodeBlock {
  /** The word behind the fence, such as `ts`. */
  readonly language: string;
  /** What follows it. */
  readonly info: string;
  /** 1-based line of its first line of code. */
  readonly line: number;
  readonly lines: readonly string[];
}

export interface Document {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly lines: readonly string[];
  readonly blocks: readonly CodeBlock[];
  /** Its text without the blocks; lines keep their numbers. */
  readonly prose: readonly string[];
}

const skipped = new Set(["node_modules", "dist", ".git", "cases", "misuse"]);

/** Every Markdown file of the project. */
export function documents(): readonly Document[] {
  return markdownIn(projectRoot).map((path) => {
    const lines = readFileSync(path, "utf8").split("\n");
    return { path: relative(projectRoot, path).split(sep).join("/"), lines, ...fences(lines) };
  });
}

function markdownIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (skipped.has(entry.name)) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return markdownIn(path);
      return entry.name.endsWith(".md") ? [path] : [];
    });
}

function fences(lines: readonly string[]): Pick<Document, "blocks" | "prose"> {
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  let open: { language: string; info: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of lines.entries()) {
    const fence = /^```(\w*) ?(.*)$/.exec(line);
    if (open === undefined) {
      if (fence === null) prose.push(line);
      else {
        open = { language: fence[1] ?? "", info: fence[2] ?? "", line: index + 2, lines: [] };
        prose.push("");
      }
      continue;
    }
    prose.push("");
    if (line === "```") {
      blocks.push(open);
      open = undefined;
    } else open.lines.push(line);
  }
  if (open !== undefined) throw new Error(`The block that starts at line ${open.line} never ends.`);
  return { blocks, prose };
}
