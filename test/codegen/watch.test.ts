import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "vitest";
import { mayHoldPackages } from "../../codegen/dist/watch/globs.js";
import { patience } from "../support/patience.ts";
import { contractPackage, contractSource } from "./support/contract-package.ts";
import { ligature } from "./support/ligature.ts";
import { scratchOfTest, writeAll } from "./support/scratch.ts";

const main: string = join(import.meta.dirname, "..", "..", "src", "dist", "cli", "main.js");

const started = new Set<ChildProcess>();
afterEach(() => {
  for (const child of started) child.kill("SIGKILL");
  started.clear();
});

/** A running `ligature gen --watch`: its lines, as they come. */
class Watching {
  readonly process: ChildProcess;
  /** All lines, of both streams. */
  readonly lines: string[] = [];
  #read = 0;
  #wake: (() => void) | undefined;
  /** How it ended, if it has. */
  #ended: string | undefined;

  constructor(dir: string, ...args: readonly string[]) {
    this.process = spawn(process.execPath, [main, "gen", "--watch", ...args], { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.lines.push(line);
        this.#wake?.();
      });
    }
    started.add(this.process);
    this.process.once("close", (code, signal) => {
      this.#ended = `it ended with ${signal ?? `code ${code}`}`;
      this.#wake?.();
    });
  }

  /** The lines up to one like this, since the last time. @throws when there is none in time, or there won't be */
  async until(pattern: RegExp): Promise<readonly string[]> {
    const deadline = performance.now() + patience;
    for (;;) {
      const found = this.lines.findIndex((line, index) => index >= this.#read && pattern.test(line));
      if (found >= 0) {
        const read = this.lines.slice(this.#read, found + 1);
        this.#read = found + 1;
        return read;
      }
      if (this.#ended !== undefined) throw this.#disappointed(`no line like ${pattern}: ${this.#ended}`);
      const left = deadline - performance.now();
      if (left <= 0) throw this.#disappointed(`no line like ${pattern} in ${patience} ms`);
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      await withDeadline(woken, left).catch(() => undefined);
    }
  }

  get rounds(): number {
    return this.lines.filter((line) => line.startsWith("Done in")).length;
  }

  /** Ends it as a user would. @throws when it doesn't end in time */
  async end(signal: NodeJS.Signals = "SIGINT"): Promise<{ readonly code: unknown; readonly rest: readonly string[] }> {
    const closed = once(this.process, "close");
    this.process.kill(signal);
    const [code] = await withDeadline(closed, patience).catch(() => {
      throw this.#disappointed(`it didn't end within ${patience} ms of ${signal}`);
    });
    return { code, rest: this.lines.slice(this.#read) };
  }

  #disappointed(what: string): Error {
    return new Error(`gen --watch: ${what}. So far it said:\n${this.lines.join("\n")}`);
  }
}

async function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing in ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const read = (...path: readonly string[]): string => readFileSync(join(...path), "utf8");

function workspace(...packages: readonly Readonly<Record<string, string>>[]): string {
  return scratchOfTest({ "package.json": '{ "workspaces": ["*"] }', ...Object.assign({}, ...packages) });
}

// Each of these starts several processes, one after the other.
describe("ligature gen --watch", () => {
  test("generates at once and after each change, the changed package only, and ends cleanly", async () => {
    const dir = workspace(contractPackage("a"), contractPackage("b"));
    const watching = new Watching(dir);
    const first = await watching.until(/^Watching/);
    expect(first.map((line) => line.split(",")[0])).toEqual([
      "a  wrote generated/index.js",
      "b  wrote generated/index.js",
      "Watching 2 contract packages; Ctrl+C ends it.",
    ]);

    writeAll(dir, contractPackage("b", { params: "{ size: z.number() }" }));
    expect(await watching.until(/^Done in/)).toEqual([expect.stringMatching(/^b {2}wrote .*index\.d\.ts/), expect.any(String)]);
    expect(read(dir, "b/generated/index.d.ts")).toContain("size: number");

    // Files that were only touched, or written as they were, are no change.
    utimesSync(join(dir, "a/src/contract.ts"), 1, 1);
    writeAll(dir, contractPackage("a"));
    writeAll(dir, contractPackage("b", { params: "{ size: z.bigint() }" }));
    expect(await watching.until(/^Done in/)).toEqual([expect.stringMatching(/^b {2}wrote/), expect.any(String)]);
    expect(read(dir, "b/generated/index.d.ts")).toContain("size: bigint");

    // Many changes in a row are few rounds, and the last one counts.
    const before = watching.rounds;
    for (let index = 0; index < 100; index++) writeAll(dir, contractPackage("a", { params: `{ value${index}: z.string() }` }));
    while (ligature(dir, ["gen", "--check"]).code !== 0) await watching.until(/^Done in/);
    expect(read(dir, "a/contract.json")).toContain("value99");
    expect(await watching.end()).toMatchObject({ code: 0 });
    expect(watching.rounds - before).toBeLessThanOrEqual(2);
  });

  test("what a contract imports, new files and folders too, and files that an editor replaces", async () => {
    const dir = workspace(contractPackage("a"));
    const watching = new Watching(dir);
    await watching.until(/^Watching/);

    writeAll(dir, {
      "a/src/deep/name.ts": 'import { z } from "zod";\nexport const Name = z.string();\n',
      ...contractPackage("a", { before: 'import { Name } from "./deep/name.ts";', params: "{ name: Name }" }),
    });
    await watching.until(/^Done in/);
    expect(read(dir, "a/generated/index.d.ts")).toContain("name: ");

    writeFileSync(join(dir, "a/src/deep/name.new"), 'import { z } from "zod";\nexport const Name = z.enum(["x", "y"]);\n');
    renameSync(join(dir, "a/src/deep/name.new"), join(dir, "a/src/deep/name.ts"));
    await watching.until(/^Done in/);
    expect(read(dir, "a/generated/index.d.ts")).toContain('"x" | "y"');
    expect(await watching.end("SIGTERM")).toEqual({ code: 0, rest: [] });
  });

  test("a mistake is shown once and the files stay; others go on; when it is mended, so does this one", async () => {
    const dir = workspace(contractPackage("a"), contractPackage("b"));
    const watching = new Watching(dir);
    await watching.until(/^Watching/);
    const before = read(dir, "a/generated/index.d.ts");

    writeFileSync(join(dir, "a/src/contract.ts"), contractSource().replace("task({", "task({{"));
    const [mistake] = await watching.until(/^Done in/);
    expect(mistake).toMatch(/^a\/src\/contract\.ts:\d+:\d+ \S/);
    expect(read(dir, "a/generated/index.d.ts")).toBe(before);

    writeAll(dir, contractPackage("b", { params: "{}" }));
    expect(await watching.until(/^Done in/)).toEqual([expect.stringMatching(/^b {2}wrote/), expect.any(String)]);

    writeAll(dir, contractPackage("a", { params: "{ mended: z.string() }" }));
    await watching.until(/^a {2}wrote/);
    expect(read(dir, "a/generated/index.d.ts")).toContain("mended");
    expect((await watching.end()).code).toBe(0);
  });

  test("packages come and go", async () => {
    const dir = workspace(contractPackage("a"));
    const watching = new Watching(dir);
    await watching.until(/^Watching 1 /);

    writeAll(dir, contractPackage("new"));
    await watching.until(/^new {2}wrote/);
    rmSync(join(dir, "new"), { recursive: true });
    writeAll(dir, contractPackage("a", { params: "{}" }));
    await watching.until(/^a {2}wrote/);
    writeAll(dir, contractPackage("new", { params: "{ again: z.string() }" }));
    await watching.until(/^new {2}wrote/);
    writeAll(dir, contractPackage("new", { params: "{ more: z.string() }" }));
    await watching.until(/^new {2}wrote/);
    expect(read(dir, "new/generated/index.d.ts")).toContain("more");

    writeFileSync(join(dir, "new/package.json"), '{ "name": "@test/new", "ligature": { "contract": "./nowhere.ts" } }');
    await watching.until(/^ligature: .*nowhere\.ts, which doesn't exist\.$/);
    writeAll(dir, contractPackage("new", { params: "{ last: z.string() }" }));
    await watching.until(/^new {2}wrote/);
    expect((await watching.end()).code).toBe(0);
  });

  test("those that build on what has changed follow, in order", async () => {
    const schema = (type: string): string => `export const Schema = z.object({ at: ${type} });\n`;
    const dir = workspace(
      contractPackage("a", {
        dependsOn: ["z"],
        before: 'import { Schema } from "@test/z/contract";',
        params: "{ value: Schema }",
      }),
      contractPackage("z", { before: schema("z.date()") }),
      contractPackage("other"),
    );
    writeAll(dir, { "a/node_modules/@test/.keep": "" });
    symlinkSync(join(dir, "z"), join(dir, "a/node_modules/@test/z"));
    const watching = new Watching(dir);
    await watching.until(/^Watching/);

    writeAll(dir, contractPackage("z", { before: schema("z.string()") }));
    expect((await watching.until(/^Done in/)).map((line) => line.split(" ")[0])).toEqual(["z", "a", "Done"]);
    expect(read(dir, "a/contract.json")).not.toContain("date-time");
    expect((await watching.end()).rest).toEqual([]);
  });

  test("what can't be asked for, in one line", () => {
    const dir = workspace(contractPackage("a"));
    expect(ligature(dir, ["gen", "--watch", "--check"])).toEqual({
      code: 2,
      out: "",
      err: "ligature: --check writes nothing and --watch does: give one of them. See ligature gen --help.\n",
    });
    expect(ligature(dir, ["gen", "--watch", "nowhere"])).toEqual({
      code: 2,
      out: "",
      err: "ligature: nowhere is not a folder.\n",
    });
    const empty = scratchOfTest({ "package.json": "{}" });
    expect(ligature(empty, ["gen", "--watch"])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no contract package here/),
    });
  });
});

test.each([
  ["packages", true],
  ["packages/a", true],
  ["packages/a/src", false],
  ["apps/web/api", true],
  ["apps/web/api/deep", false],
  ["lib", true],
  ["library", false],
  ["any/where/at/all", true],
])("watching for packages in %s: %s", (folder, expected) => {
  expect(mayHoldPackages(folder, ["packages/*", "apps/*/api", "lib", "any/**", "!packages/old"])).toBe(expected);
});
