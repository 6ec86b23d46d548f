import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documents, projectRoot, type CodeBlock } from "../support/documents.ts";
import { compile } from "./compile.ts";

/**
 * Compiles the `ts` blocks of the documents against the built packages, as a user's code would be.
 *
 * - A block is a module of its own. One that starts with a comment such as `// handlers.ts` can be imported
 *   under that name by the others of its document; one that is marked "ts continued" goes on where the one
 *   before it ended.
 * - `// error TS2345: …` below a line says that the line must not compile, and with which message; `…` stands
 *   for any text, lines that begin with `//   ` continue the message.
 * - A block that starts with `// from <path>` is an excerpt: it isn't compiled, its lines are in that file, in this
 *   order; a line `…` stands for any lines.
 */
interface Module {
  readonly document: string;
  readonly file: string;
  readonly lines: string[];
}

interface Expectation {
  readonly line: number;
  /** The lines before it up to the last expectation; the error is in one of them. */
  readonly from: number;
  readonly code: string;
  readonly parts: readonly string[];
}

interface Diagnostic {
  readonly line: number;
  readonly text: string;
}

const modules = documents().flatMap(({ path, blocks }) => modulesOf(path, blocks));
const excerpts = documents().flatMap(({ path, blocks }) =>
  blocks.flatMap((block) => {
    const source = excerptOf(block);
    return source === undefined ? [] : [{ document: path, line: block.line, source, lines: block.lines.slice(1) }];
  }),
);
const folder = join(projectRoot, "test", "dist", "docs-code");
let said: ReadonlyMap<string, string> = new Map();
let workFolder = "";

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  workFolder = mkdtempSync(join(folder, "run-"));
  for (const { file, lines } of modules) {
    mkdirSync(dirname(join(workFolder, file)), { recursive: true });
    writeFileSync(join(workFolder, file), `${lines.join("\n")}\n`);
  }
  const config = {
    extends: "../../../../tsconfig.base.json",
    compilerOptions: { composite: false, noEmit: true, isolatedDeclarations: false, moduleDetection: "force" },
    include: ["**/*.ts"],
    exclude: [],
  };
  writeFileSync(join(workFolder, "tsconfig.json"), JSON.stringify(config));
  said = await compile(workFolder);
});

afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

describe("code in the documents", () => {
  it("is there", () => {
    expect(modules.length).toBeGreaterThan(5);
  });

  it("comes with no errors outside the blocks", () => {
    const files = new Set(modules.map(({ file }) => file));
    expect([...said].filter(([file]) => !files.has(file))).toEqual([]);
  });

  it.each(excerpts)("is an excerpt: $document line $line", ({ lines, source }) => {
    const file = readFileSync(join(projectRoot, source), "utf8").split("\n");
    expect(strayLine(lines, file)).toBeUndefined();
  });

  it.each(modules.map((module) => [`${module.document} ${module.file}`, module] as const))("compiles: %s", (_name, module) => {
    const expected = expectations(module.lines);
    const found = diagnosticsIn(said.get(module.file) ?? "");
    const unexpected = found.filter((diagnostic) => !expected.some((expectation) => fits(expectation, diagnostic)));
    const missing = expected.filter((expectation) => !found.some((diagnostic) => fits(expectation, diagnostic)));
    // Lines of the module are lines of the document, so this reads `line 12: error TS…`.
    expect(unexpected.map(({ line, text }) => `line ${line}: ${text}`)).toEqual([]);
    expect(missing).toEqual([]);
  });
});

function excerptOf({ lines }: CodeBlock): string | undefined {
  return /^\/\/ from (\S+)$/.exec(lines[0] ?? "")?.[1];
}

/** The first line of an excerpt that the file doesn't have where it should. */
function strayLine(lines: readonly string[], file: readonly string[]): string | undefined {
  let at = 0;
  let gap = true;
  for (const line of lines) {
    if (line === "…") {
      gap = true;
      continue;
    }
    const found = gap ? file.indexOf(line, at) : at;
    if (found === -1 || file[found] !== line) return line;
    at = found + 1;
    gap = false;
  }
  return undefined;
}

function modulesOf(document: string, blocks: readonly CodeBlock[]): readonly Module[] {
  const found: Module[] = [];
  for (const block of blocks) {
    if (block.language !== "ts") continue;
    const [first = ""] = block.lines;
    if (excerptOf(block) !== undefined) continue;
    const previous = found.at(-1);
    const named = /^\/\/ ([\w-]+\.ts)$/.exec(first)?.[1];
    const base = document.replaceAll(/[^\w]+/g, "-");
    const module =
      block.info === "continued" && previous !== undefined
        ? previous
        : { document, file: `${base}/${named ?? `line-${block.line}.ts`}`, lines: [] };
    while (module.lines.length < block.line - 1) module.lines.push("");
    module.lines.push(...block.lines);
    if (module !== previous) found.push(module);
  }
  return found;
}

function expectations(lines: readonly string[]): readonly Expectation[] {
  const found: Expectation[] = [];
  for (const [index, line] of lines.entries()) {
    const start = /^\s*\/\/ error (TS\d+): (.+)$/.exec(line);
    if (start !== null) {
      const from = found.at(-1)?.line ?? 0;
      found.push({ line: index + 1, from, code: start[1] ?? "", parts: partsOf(start[2] ?? "") });
      continue;
    }
    const more = /^\s*\/\/ {3}(.+)$/.exec(line);
    const last = found.at(-1);
    if (more !== null && last !== undefined && /^\s*\/\//.test(lines[index - 1] ?? "")) {
      found[found.length - 1] = { ...last, line: index + 1, parts: [...last.parts, ...partsOf(more[1] ?? "")] };
    }
  }
  return found;
}

function partsOf(text: string): readonly string[] {
  return text
    .split("…")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function fits({ line, from, code, parts }: Expectation, diagnostic: Diagnostic): boolean {
  if (diagnostic.line <= from || diagnostic.line > line || !diagnostic.text.startsWith(`error ${code}:`)) return false;
  let at = 0;
  for (const part of parts) {
    const next = diagnostic.text.indexOf(part, at);
    if (next === -1) return false;
    at = next + part.length;
  }
  return true;
}

/** `file(line,column): error TS…`, continued by indented lines. */
function diagnosticsIn(text: string): readonly Diagnostic[] {
  const found: { line: number; text: string }[] = [];
  for (const line of text.trimEnd().split("\n")) {
    const start = /^.+?\((\d+),\d+\): (error TS\d+: .*)$/.exec(line);
    const last = found.at(-1);
    if (start !== null) found.push({ line: Number(start[1]), text: start[2] ?? "" });
    else if (last !== undefined) last.text += `\n${line}`;
  }
  return found;
}
