import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogueFiles } from "../../codegen/dist/docs/index.js";
import { parseManifest, type Manifest } from "../../codegen/dist/manifest/index.js";
import { readUsage } from "../../codegen/dist/usage/scan/index.js";
import type { UsageReport } from "../../codegen/dist/usage/index.js";
import { contractPackage } from "./support/contract-package.ts";
import { ligature } from "./support/ligature.ts";
import { scratchOfTest, writeAll } from "./support/scratch.ts";
import { manifestsOf, moduleOf } from "./support/versions.ts";

const root: string = join(import.meta.dirname, "..", "..");
const options = { title: "Tasks", generator: "@ligature/codegen@1.2.3" };

const examples: readonly Manifest[] = ["catalog", "processing", "notifications"].map((name) =>
  parseManifest(readFileSync(join(root, "packages", name, "contract.json"), "utf8"), name),
);

function filesOf(manifests: readonly Manifest[], ...reports: readonly UsageReport[]): Readonly<Record<string, string>> {
  return Object.fromEntries(catalogueFiles(manifests, reports, options).map(({ path, text }) => [path, text]));
}

/** All that a contract can say, and what could upset a page. */
const everything = `
/** A tree. */
export const Tree = z.object({ get children() { return z.array(Tree); }, name: z.string() });

/** A contract & its <b>quirks</b>. More of it. */
export const quirks = contract("quirks", {
  queue: { name: "quirks", type: "classic", maxPriority: 9, deliveryLimit: 4, maxLength: 500 },
  tasks: {
    /**
     * Takes a \`Map<string, number>\` | or a <script>alert(1)</script>. ![spy](https://evil.example/x.png)
     * @deprecated use [\`newWay\`](javascript:alert(1)) & <i>nothing</i> else
     */
    oldWay: task({
      params: {
        /** Its "quoted" name. */
        name: z.string().min(2).max(40),
        filter: z.object({ tags: z.array(z.object({ key: z.string().default("a|b") })).max(3), at: z.date().optional() }).optional(),
        choice: z.union([z.literal("a|b"), z.map(z.string(), z.bigint()), z.set(z.date())]).optional(),
      },
      returns: z.object({ id: z.int().min(1), tree: Tree }),
      progress: z.tuple([z.number(), z.string()]),
      errors: { Refused: z.object({ why: z.string() }), Busy: z.object({}) },
      retry: { limit: 5, backoff: "fixed", delay: "90s", on: ["Busy"] },
      timeLimit: { soft: "1m", hard: "2h" },
      expires: "1d",
      ack: "early",
      priority: 7,
      ignoreResult: true,
    }),
    newWay: task({ params: { id: z.int() }, name: "old.new_way" }),
    after: task({ params: { result: z.object({ id: z.number() }), count: z.int().optional() } }),
    limits: task({ params: { sku: z.string().regex(/^[a-c|]+$/), sizes: z.map(z.string(), z.int()).max(7) } }),
  },
});
`;

const place = { line: 1, column: 1, by: "@acme/shop" };
const report: UsageReport = {
  usage: 1,
  contracts: [{ contract: "quirks", package: "@test/quirks" }],
  uses: [
    { contract: "quirks", task: "quirks.oldWay", kind: "call", file: "src/b.ts", ...place },
    { contract: "quirks", task: "quirks.oldWay", kind: "delay", file: "src/a.ts", ...place },
    { contract: "quirks", task: "quirks.oldWay", kind: "handle", file: "main.ts", ...place, by: "@acme/quirks" },
    { contract: "other", task: "other.task", kind: "call", file: "src/a.ts", ...place },
  ],
  links: [
    { kind: "link", parent: "quirks.oldWay", callback: "quirks.after", file: "src/a.ts", ...place },
    { kind: "linkError", parent: null, callback: "old.new_way", file: "src/a.ts", ...place },
    { kind: "chain", parent: "quirks.oldWay", callback: 'other."task"', file: "src/<b>.ts", ...place },
  ],
  unresolved: [{ why: "it is passed on", file: "src/a.ts", ...place }],
};

const quirks: readonly Manifest[] = [...manifestsOf({ quirks: moduleOf(everything) }, (name) => `@test/${name}`).values()];

/** Every `href` of a page, and every place in it. */
function linksIn(html: string): { readonly targets: readonly string[]; readonly ids: readonly string[] } {
  const all = (pattern: RegExp): readonly string[] => [...html.matchAll(pattern)].map(([, value = ""]) => value);
  return { targets: all(/href="([^"]*)"/g), ids: all(/id="([^"]*)"/g) };
}

describe("the catalogue", () => {
  test("a page for each contract, with everything that its manifest says", () => {
    const page = filesOf(quirks)["quirks.md"] ?? "";
    for (const text of [
      "# quirks",
      "Package `@test/quirks`",
      "**Deprecated.** use",
      "quirks.oldWay(\n  name: string,\n  filter?: ",
      "| `name` | `string` |",
      "2 to 40 characters.",
      "| `filter?` | `object` |",
      "| `filter.tags` | `object[]` |",
      "At most 3 items.",
      '| `filter.tags[].key?` | `string` | `"a\\|b"` |',
      "| `filter.at?` | `Date` |",
      '`"a\\|b" \\| Map<string, bigint> \\| Set<Date>`',
      "**Progress** `[number, string]`",
      "| `id` | `integer` | At least 1. |",
      "| `tree` | [`Tree`](#type-quirks-Tree) |",
      "| `Busy` | `object` |",
      "| Retries | 5 times, 1.5 min apart, spread at random; also on `Busy` |",
      "| Time limits | soft 1 min, hard 2 h |",
      "| Expires | when it hasn't started after 1 d |",
      "| Acknowledged | early: before it runs, at most once |",
      "| Priority | 7 |",
      "| Result | not kept |",
      `| Fingerprint | \`${quirks[0]?.tasks["quirks.oldWay"]?.fingerprint}\` |`,
      "**Callbacks that fit its result:** [`quirks.after`](#task-quirks.after)",
      "A tree.",
      '<a id="task-old.new_way"></a>',
      "| Matches `^[a-c\\|]+$`. |",
      "At most 7 items.",
    ]) {
      expect(page).toContain(text);
    }
    expect(filesOf(quirks)["index.html"]).toContain('<dd class="said">Matches <code>^[a-<wbr>c|]+$</code>.</dd>');
    expect(filesOf(quirks)["README.md"]).toContain("| `quirks` | classic | 4 | up to 9 | 500 | `quirks.dead` |");
  });

  test("HTML in the words of a contract is shown, not obeyed, on both", () => {
    const files = filesOf(quirks, report);
    const page = files["quirks.md"] ?? "";
    const html = files["index.html"] ?? "";
    // GitHub shows what it can't trust; code spans are left as they are.
    expect(page).toContain("`Map<string, number>` | or a &lt;script>alert(1)&lt;/script>");
    expect(page.replaceAll(/`[^`]*`/g, "").replaceAll(/<a id="[^"]*"><\/a>|<!-- [^>]* -->/g, "")).not.toMatch(/<\w/);
    expect(html).toContain("<code>Map&lt;string, number&gt;</code> | or a &lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).toContain("A contract &amp; its &lt;b&gt;quirks&lt;/b&gt;.");
    const [scripts, own = ""] = [html.match(/<script/g), /<script>([^]*?)<\/script>/.exec(html)?.[1]];
    expect(scripts).toEqual(["<script"]);
    expect(html).toContain(`script-src 'sha256-${createHash("sha256").update(own).digest("base64")}'`);
    expect(html.replace(own, "")).not.toMatch(/<b>|<i>|<img|javascript:|src=|@import|url\(|\son[a-z]+=/);
    expect([...html.matchAll(/<link|https?:/g)].filter(([match]) => match === "<link")).toEqual([]);
    expect(html).toContain("default-src 'none'");
  });

  test("every link leads somewhere, on all pages", () => {
    for (const files of [filesOf(examples), filesOf(quirks, report)]) {
      const { targets, ids } = linksIn(files["index.html"] ?? "");
      const own = targets.filter((target) => target.startsWith("#") && target !== "#");
      expect(own.length).toBeGreaterThan(5);
      expect(own.filter((target) => !ids.includes(target.slice(1)))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [path, text] of Object.entries(files).filter(([name]) => name.endsWith(".md"))) {
        for (const [, file = "", anchor = ""] of text.matchAll(/\]\(([\w.]*)#([^)]+)\)/g)) {
          expect(files[file === "" ? path : file], `${path}: ${file}#${anchor}`).toContain(`<a id="${anchor}"></a>`);
        }
      }
    }
  });

  test("HTML is well-formed: what is opened is closed, in order", () => {
    const html = filesOf(quirks, report)["index.html"] ?? "";
    const open: string[] = [];
    for (const [, slash, tag = ""] of html
      .replaceAll(/<(style|script)>[^]*?<\/\1>/g, "")
      .matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*(?<!\/)>/g)) {
      if (["meta", "br", "hr", "wbr", "input"].includes(tag)) continue;
      if (slash === "") open.push(tag);
      else expect(open.pop()).toBe(tag);
    }
    expect(open).toEqual([]);
  });

  test("who links to whom, from reports; without one, it says that nobody knows", () => {
    expect(filesOf(quirks)["README.md"]).toContain("Who links to whom isn't known here: no report was given.");
    const files = filesOf(quirks, report);
    const index = files["README.md"] ?? "";
    expect(index).toContain("As the source of @acme/quirks, @acme/shop shows it. 1 place in it is unclear");
    expect(index).toContain(
      "| [`quirks.oldWay`](quirks.md#task-quirks.oldWay) | success | [`quirks.after`](quirks.md#task-quirks.after) | @acme/shop (`src/a.ts`) |",
    );
    expect(index).toContain("| not known | failure | [`old.new_way`](quirks.md#task-old.new_way) |");
    expect(index).toContain('| next step | `other."task"` | @acme/shop (`src/<b>.ts`) |');
    expect(index).toContain("```mermaid\nflowchart LR\n");
    expect(index).toContain('["other.#quot;task#quot;"]');
    const page = files["quirks.md"] ?? "";
    expect(page).toContain("- **Served by** @acme/quirks (`main.ts`)");
    expect(page).toContain("- **Called by** @acme/shop (`src/a.ts`, `src/b.ts`)");
    expect(page).toContain("- **Starts** [`quirks.after`](#task-quirks.after) when it succeeds: @acme/shop (`src/a.ts`)");
    expect(page).toContain("- **Started by** a task that the source doesn't show when it fails: @acme/shop (`src/a.ts`)");
  });

  test("the picture: services as boxes, an arrow for each link, which leads to the task that it starts", () => {
    const html = filesOf(quirks, report)["index.html"] ?? "";
    const svg = /<svg viewBox[^]*?<\/svg>(?=\n<\/div>)/.exec(html)?.[0] ?? "";
    const boxes = [...svg.matchAll(/<text class="service"[^>]*>([^<]*)</g)].map(([, name]) => name);
    expect(new Set(boxes)).toEqual(new Set(["not in this catalogue", "quirks"]));
    // Who starts old.new_way isn't known: no arrow. What isn't in the catalogue has no place to lead to.
    const arrows = [...svg.matchAll(/<(a|g) class="edge (\w+)"(?: href="([^"]*)")?/g)].map(([, tag, kind, to]) => ({
      tag,
      kind,
      to,
    }));
    expect(arrows).toEqual([
      { tag: "g", kind: "chain", to: undefined },
      { tag: "a", kind: "link", to: "#task-quirks.after" },
    ]);
    expect(svg).toContain("<title>quirks.oldWay, on success: quirks.after</title>");
    expect(svg).toContain('<a class="task" href="#task-quirks.oldWay"');
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(filesOf(quirks)["index.html"]).not.toContain('class="picture"');
  });

  test("links of tasks to themselves, in circles and several between two are drawn, too", () => {
    const link = (kind: "link" | "linkError", parent: string, callback: string) =>
      ({ kind, parent, callback, file: "a.ts", ...place }) as const;
    const links = [
      link("linkError", "quirks.oldWay", "quirks.oldWay"),
      link("link", "quirks.oldWay", "quirks.after"),
      link("linkError", "quirks.oldWay", "quirks.after"),
      link("link", "quirks.after", "quirks.oldWay"),
    ];
    const files = filesOf(quirks, { ...report, links });
    const html = files["index.html"] ?? "";
    expect([...html.matchAll(/<a class="edge /g)]).toHaveLength(links.length);
    expect(html).not.toMatch(/NaN/);
    expect(files["README.md"]).toContain('  subgraph s0["quirks"]\n    t0["after"]\n    t1["oldWay"]\n  end');
    expect(files["README.md"]).toContain("  t1 -. failure .-> t0");
  });

  test("a contract isn't repeated where it is plain: its own names are short on its part of the page", () => {
    const html = filesOf(quirks, report)["index.html"] ?? "";
    expect(html).toContain("<h3>old<wbr>Way</h3>");
    expect(html).toContain('<strong>Starts</strong> <code><a href="#task-quirks.after">after</a></code>');
    // A name that isn't its contract's stays whole.
    expect(html).toContain("<h3>old.<wbr>new_<wbr>way</h3>");
    expect(filesOf(quirks)["quirks.md"]).toContain("| Name | `old.new_way` |");
  });

  test("no table has a column without a name", () => {
    for (const text of Object.values(filesOf(quirks, report))) {
      expect(text).not.toMatch(/<th[^>]*><\/th>/);
      expect(
        text.split("\n").filter((line, index, lines) => lines[index + 1]?.startsWith("| --- ") && /\|\s*\|/.test(line)),
      ).toEqual([]);
    }
  });

  test("the same bytes, whatever the order", () => {
    const parts = [
      { ...report, links: [], unresolved: [] },
      { ...report, uses: [] },
    ];
    const turned = parts.map((each) => ({ ...each, uses: [...each.uses].reverse(), links: [...each.links].reverse() }));
    const all = [...examples, ...quirks];
    expect(filesOf([...all].reverse(), ...turned.reverse())).toEqual(filesOf(all, ...parts));
  });

  test("two contracts of one name are refused", () => {
    const [first] = examples;
    expect(() => filesOf(first === undefined ? [] : [first, first])).toThrow(/Two contracts have the name "catalog"/);
  });
});

// These start several processes, one after the other.
describe("ligature docs", () => {
  const workspace = (): string => {
    const dir = scratchOfTest({ "package.json": '{ "workspaces": ["*"] }', ...contractPackage("a") });
    expect(ligature(dir, ["gen"]).code).toBe(0);
    return dir;
  };

  test("writes what has changed, checks, and deletes what it alone has written", () => {
    const dir = workspace();
    expect(ligature(dir, ["docs", "--out", "docs/tasks"])).toEqual({
      code: 0,
      out: "docs/tasks  wrote test.md, README.md, index.html\n",
      err: "",
    });
    expect(ligature(dir, ["docs", "a", "--out", "docs/tasks"]).out).toBe("docs/tasks  unchanged\n");
    expect(ligature(dir, ["docs", "--out", "docs/tasks", "--check"])).toMatchObject({ code: 0, err: "" });

    writeAll(dir, contractPackage("a", { params: "{ size: z.int() }" }));
    ligature(dir, ["gen"]);
    writeAll(dir, {
      "docs/tasks/gone.md": readFileSync(join(dir, "docs/tasks/test.md"), "utf8"),
      "docs/tasks/mine.md": "# Mine\n",
      "docs/tasks/module.py": "# @generated by @ligature/codegen@0.1.0\n",
    });
    const stale = ligature(dir, ["docs", "--out", "docs/tasks", "--check"]);
    expect(stale.code).toBe(1);
    expect(stale.err).toContain("docs/tasks  stale: test.md, index.html, gone.md\n");
    expect(stale.err).toContain("+| `size` | `integer` |");
    expect(stale.err).toContain("Run: ligature docs");
    expect(ligature(dir, ["docs", "--out", "docs/tasks"]).out).toBe("docs/tasks  wrote test.md, index.html, gone.md\n");
    expect(readdirSync(join(dir, "docs/tasks")).sort()).toEqual(["README.md", "index.html", "mine.md", "module.py", "test.md"]);
  });

  test("installed packages, and what ligature usage has read", async () => {
    const dir = scratchOfTest({
      "package.json": '{ "name": "@acme/shop", "type": "module" }',
      "tsconfig.json": JSON.stringify({ compilerOptions: { module: "nodenext", noEmit: true, skipLibCheck: true, types: [] } }),
      "shop.ts": `import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
export const both = processing.processFile.si("a").link(catalog.markProcessed.s(1));
`,
    });
    writeFileSync(join(dir, "usage.json"), JSON.stringify(await readUsage({ cwd: dir, dir: ".", shown: "." })));
    const installed = ["catalog", "processing"].map((name) => `node_modules/@example/${name}`);
    const result = ligature(dir, ["docs", ...installed, "--out", "out", "--usage", "usage.json", "--title", "All & sundry"]);
    expect(result).toMatchObject({ code: 0, err: "" });
    const index = readFileSync(join(dir, "out/README.md"), "utf8");
    expect(index).toContain("# All &amp; sundry");
    expect(index).toMatch(/processing\.processFile.* \| success \| .*catalog\.markProcessed.* \| @acme\/shop \(`shop\.ts`\)/);
    expect(readFileSync(join(dir, "out/index.html"), "utf8")).toContain("<title>All &amp; sundry</title>");
  });

  test("what can't be asked for, in one line", () => {
    const dir = workspace();
    mkdirSync(join(dir, "own"));
    writeAll(dir, {
      "own/README.md": "# Own\n",
      "bad.json": "{}",
      "new.json": '{ "usage": 2, "contracts": [], "uses": [], "links": [], "unresolved": [] }',
    });
    const problem = (...args: readonly string[]): string => {
      const { code, out, err } = ligature(dir, ["docs", ...args]);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      return err;
    };
    expect(problem()).toBe("ligature: say where to write: ligature docs --out <folder>. See ligature docs --help.\n");
    expect(problem("--out", "own")).toMatch(/^ligature: own\/README\.md exists and ligature docs hasn't written it; .*\n$/);
    expect(problem("--out", "x", "nowhere")).toBe("ligature: nowhere doesn't exist.\n");
    expect(problem("--out", "x", "--usage", "none.json")).toMatch(/^ligature: none\.json can't be read; .*\n$/);
    expect(problem("--out", "x", "--usage", "bad.json")).toMatch(/^ligature: bad\.json is not what `ligature usage` writes\.\n$/);
    expect(problem("--out", "x", "--usage", "new.json")).toMatch(/newer @ligature\/codegen/);
    expect(problem("--nope")).toMatch(/^ligature: unknown option "--nope".*\n$/);
    expect(readFileSync(join(dir, "own/README.md"), "utf8")).toBe("# Own\n");
  });
});
