import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { documents, projectRoot, type Document } from "../../support/documents.ts";

const all = documents();
const byPath = new Map(all.map((document) => [document.path, document]));

/** GitHub's anchors: lower case, no punctuation, hyphens for spaces. */
function anchors(document: Document): ReadonlySet<string> {
  const headings = document.prose.flatMap((line) => /^#{1,6} (.+)$/.exec(line)?.[1] ?? []);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    ),
  );
}

function brokenLinks(document: Document): readonly string[] {
  return document.prose.flatMap((line, index) =>
    [...line.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
      if (/^(https?|mailto):/.test(link)) return [];
      const [file = "", anchor] = link.split("#");
      const path = file === "" ? document.path : posix.join(posix.dirname(document.path), file);
      const target = byPath.get(path);
      const exists = file === "" || existsSync(join(projectRoot, path));
      const found = exists && (anchor === undefined || (target !== undefined && anchors(target).has(anchor)));
      return found ? [] : [`line ${index + 1}: ${link}`];
    }),
  );
}

/** Where a path may start: here, or in any contract package. */
const roots = [projectRoot, join(projectRoot, "packages", "processing")];

/** Paths of this project that a document names in backticks, such as `src/client/remote.ts`. */
function missingFiles(document: Document): readonly string[] {
  return document.prose.flatMap((line, index) =>
    [...line.matchAll(/`((?:src|codegen|packages|examples|test|bench|scripts|docs)\/[\w./-]*)`/g)].flatMap(([, path = ""]) =>
      roots.some((root) => existsSync(join(root, path))) ? [] : [`line ${index + 1}: ${path}`],
    ),
  );
}

const { scripts } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** Commands, in prose and in blocks, that the project doesn't have. */
function unknownCommands(document: Document): readonly string[] {
  return document.lines.flatMap((line, index) => {
    const runs = [...line.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = ""]) => name);
    const short = [...line.matchAll(/\bnpm (start|test)\b/g)].map(([, name = ""]) => name);
    const files = [...line.matchAll(/\bnode ((?:scripts|bench|examples)\/[\w./-]+)/g)].map(([, file = ""]) => file);
    return [
      ...[...runs, ...short].filter((name) => !Object.hasOwn(scripts, name)),
      ...files.filter((file) => !existsSync(join(projectRoot, file))),
    ].map((command) => `line ${index + 1}: ${command}`);
  });
}

describe.each(all.map((document) => [document.path, document] as const))("%s", (_path, document) => {
  it("has links that lead somewhere", () => {
    expect(brokenLinks(document)).toEqual([]);
  });

  it("names files and commands that exist", () => {
    expect(missingFiles(document)).toEqual([]);
    expect(unknownCommands(document)).toEqual([]);
  });

  it("has one title, and no machine's paths", () => {
    expect(document.prose.filter((line) => line.startsWith("# "))).toHaveLength(1);
    expect(document.lines.filter((line) => /\/(home|root|Users|work)\/|\/tmp\//.test(line))).toEqual([]);
  });
});

it("decisions are numbered without gaps and fit a page", () => {
  const decisions = all.filter((document) => dirname(document.path) === "docs/decisions" && /\/\d{4}-/.test(document.path));
  expect(decisions.map((document) => Number(posix.basename(document.path).slice(0, 4)))).toEqual(
    decisions.map((_, index) => index + 1),
  );
  for (const { path, lines } of decisions) expect([path, lines.length <= 41]).toEqual([path, true]);
});

it("the index of decisions has each by its number and title", () => {
  const titles = all.flatMap(({ path, lines }) => {
    const number = /^docs\/decisions\/(\d{4})-/.exec(path)?.[1];
    return number === undefined ? [] : [`- [${number}](${posix.basename(path)}) ${lines[0]?.slice(`# ${number} `.length)}`];
  });
  const index = byPath.get("docs/decisions/README.md");
  expect(index?.lines.filter((line) => line.startsWith("- "))).toEqual(titles);
});
