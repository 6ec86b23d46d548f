import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gen } from "@ligature/codegen";
import { beforeAll, describe, expect, test } from "vitest";
import { contractPackage } from "./support/contract-package.ts";
import { ligature, type CommandResult } from "./support/ligature.ts";
import { scratch, scratchOfTest, writeAll } from "./support/scratch.ts";

/** A workspace of contracts that begin with some code. */
function workspace(contracts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const packages = Object.entries(contracts).map(([folder, before]) => contractPackage(folder, { before }));
  return Object.assign({ "package.json": '{ "workspaces": ["*"] }' }, ...packages) as Readonly<Record<string, string>>;
}

const declares = "A contract is run to be read, and must only declare.";

const harmless: Readonly<Record<string, string>> = {
  "a-timer": "setInterval(() => {}, 1000);",
  "a-server": 'import { createServer } from "node:http";\ncreateServer().listen(0);',
  "a-late-failure": 'setTimeout(() => { throw new Error("late"); }, 1); void Promise.reject(new Error("no"));',
  "a-late-exit": "setTimeout(() => process.exit(0), 1);",
};

const harmful: Readonly<Record<string, readonly [source: string, message: RegExp]>> = {
  "b-exits": ["process.exit(0);", /^\/src\/contract\.ts:3:9 it called process\.exit\(0\)\. /],
  "b-sets-a-code": ["process.exitCode = 0; process.exit();", /^\/src\/contract\.ts:3:31 it called process\.exit\(\)\. /],
  "b-is-killed": [
    'process.kill(process.pid, "SIGTERM"); for (;;);',
    /^\/src\/contract\.ts loading it ended the process \(SIGTERM\)\. /,
  ],
  "b-waits": [
    "const never = new Promise(() => {});\nawait never;",
    /^\/src\/contract\.ts:4:1 it waits for something that never comes\. /,
  ],
};

describe("loading a contract", () => {
  let dir: string;
  let result: CommandResult;
  beforeAll(() => {
    const all = {
      ...harmless,
      ...Object.fromEntries(Object.entries(harmful).map(([folder, [source]]) => [folder, source])),
      "c-good": "",
    };
    const made = scratch(workspace(all));
    dir = made.dir;
    result = ligature(dir, ["gen"]);
    return made.remove;
  }, 240_000);

  test.each(Object.keys(harmless))("that leaves %s behind generates it, and comes to an end", (folder) => {
    expect(result.out).toContain(`${folder}  wrote`);
    expect(result.err).not.toContain(folder);
    expect(existsSync(join(dir, folder, "contract.json"))).toBe(true);
  });

  test.each(Object.entries(harmful))("that comes to no end says so at its place: %s", (folder, [, message]) => {
    const lines = result.err.split("\n").filter((line) => line.startsWith(folder));
    expect(lines).toEqual([expect.stringMatching(/./)]);
    expect(lines[0]?.slice(folder.length)).toMatch(message);
    expect(lines[0]).toContain(declares);
    expect(existsSync(join(dir, folder, "contract.json"))).toBe(false);
  });

  test("that comes to no end keeps no other from being generated", () => {
    expect(result.code).toBe(1);
    expect(result.out).toContain("c-good  wrote");
    expect(result.err.trim().split("\n")).toHaveLength(Object.keys(harmful).length);
  });

  test("is given up in time", { timeout: 240_000 }, async () => {
    const cases: readonly (readonly [before: string, message: RegExp])[] = [
      ["setInterval(() => {}, 1000); await new Promise(() => {});", /it took over 15 s\. A contract/],
      ['setTimeout(() => { throw new Error("no host"); }, 1);\nawait new Promise(() => {});', /failed: Error: no host/],
      ["for (;;);", /it took over 15 s without a pause: an endless loop\?/],
    ];
    const isLate = (message: RegExp): boolean => message.source.includes("15 s");
    await Promise.all(
      cases.map(async ([before, message]) => {
        const [failed, ...others] = await gen({
          cwd: scratchOfTest(workspace({ first: before })),
          loadTimeout: isLate(message) ? 15_000 : 120_000,
        });
        expect(failed).toMatchObject({ name: "@test/first", status: "failed" });
        expect(failed?.diagnostics?.[0]?.message).toMatch(message);
        expect(others).toEqual([]);
      }),
    );
  });
});

describe("what gen finds in generated/", () => {
  test(
    "is the same for gen and for --check; what it can't write is one package's failure, without a stack",
    { timeout: 240_000 },
    () => {
      const dir = scratchOfTest({ ...workspace({ first: "", other: "", third: "" }), "other/generated": "no folder" });
      const { code, out, err } = ligature(dir, ["gen"]);
      expect(code).toBe(1);
      expect(err).toMatch(/^other\/generated can't be written: a file is where its folder should be\.\n$/);
      expect(out).toContain("third  wrote");
      // As an older version would leave it.
      const stray = join(dir, "first/generated/old.js");
      writeFileSync(stray, readFileSync(join(dir, "first/generated/index.js")));
      writeAll(dir, { "first/generated/notes.md": "Mine." });
      expect(ligature(dir, ["gen", "first", "--check"]).err).toContain("first  stale: generated/old.js");
      expect(ligature(dir, ["gen", "first"]).out).toContain("first  wrote generated/old.js");
      expect(existsSync(stray)).toBe(false);
      expect(existsSync(join(dir, "first/generated/notes.md"))).toBe(true);
      expect(ligature(dir, ["gen", "first", "--check"])).toMatchObject({ code: 0, err: "" });
    },
  );
});
