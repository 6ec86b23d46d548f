import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "@ligature/codegen/commands";
import { contributors } from "../../src/dist/cli/contributors.js";
import { contractPackage } from "./support/contract-package.ts";
import { command, ligature, unread } from "./support/ligature.ts";
import { scratchOfTest, writeAll } from "./support/scratch.ts";

const namesOfCodegen = contributors.find((each) => each.package === "@ligature/codegen")?.commands ?? [];

/** Paths of a package's generated files. */
const outputs = ["generated/index.js", "generated/index.d.ts.map", "generated/index.d.ts", "contract.json"];

function read(...path: readonly string[]): string {
  return readFileSync(join(...path), "utf8");
}

describe("finding contract packages", () => {
  test("in a pnpm workspace: its globs, without what they exclude", async () => {
    const dir = scratchOfTest({
      "pnpm-workspace.yaml": 'packages:\n  - "apps/*"\n  - tools\n  - "!apps/old"\n',
      "package.json": '{ "private": true }',
      ...contractPackage("apps/a"),
      ...contractPackage("apps/old"),
      ...contractPackage("apps/a/deeper"),
      ...contractPackage("tools"),
      "apps/plain/package.json": '{ "name": "plain" }',
      "src/folder.txt": "",
    });
    expect((await command(join(dir, "src"), ["gen"])).out.split("\n").slice(0, -2)).toEqual([
      `../apps/a  wrote ${outputs.join(", ")}`,
      `../tools  wrote ${outputs.join(", ")}`,
    ]);
  });

  test("in an npm workspace", async () => {
    const dir = scratchOfTest({
      "package.json": '{ "workspaces": { "packages": ["packages/*"] } }',
      ...contractPackage("packages/a"),
    });
    expect(ligature(dir, ["gen"])).toMatchObject({ code: 0, out: expect.stringContaining("packages/a  wrote") });
  });

  test("in a single package, from a folder inside it", async () => {
    const dir = scratchOfTest(contractPackage("."));
    expect(await command(join(dir, "src"), ["gen"])).toMatchObject({ code: 0, out: expect.stringContaining("..  wrote") });
    expect((await command(dir, ["gen"])).out).toContain(".  unchanged");
  });

  test("only in the folders that are named", async () => {
    const dir = scratchOfTest({ "package.json": '{ "workspaces": ["*"] }', ...contractPackage("a"), ...contractPackage("b") });
    expect((await command(dir, ["gen", "b"])).out).toContain("b  wrote");
    expect(existsSync(join(dir, "a/generated"))).toBe(false);
  });

  test("dependencies first, and with them those that build on them", async () => {
    const uses = (name: string): string => `import { Schema } from "@test/${name}/contract";\n`;
    const dir = scratchOfTest({
      "package.json": '{ "workspaces": ["*"] }',
      ...contractPackage("a", { dependsOn: ["z"], before: uses("z"), params: "{ value: Schema }" }),
      ...contractPackage("z", { before: "export const Schema = z.object({ at: z.date() });\n" }),
    });
    link(dir, "a", "z");
    const lines = (await command(dir, ["gen"])).out.split("\n");
    expect(lines[0]).toContain("z  wrote");
    expect(lines[1]).toContain("a  wrote");
    expect(read(dir, "a/generated/index.d.ts")).toContain('import type { Schema } from "@test/z";');

    writeAll(dir, contractPackage("z", { before: "export const Schema = z.object({ at: z.date().optional() });\n" }));
    const again = (await command(dir, ["gen"])).out.split("\n");
    expect(again[0]).toContain("z  wrote");
    expect(again[1]).toContain("a  wrote");
  });

  test("with the types that schemas of other packages hide from whoever loads them, however many packages away", async () => {
    const uses = (name: string): string => `import { Schema as Base } from "@test/${name}/contract";\n`;
    const hiding = 'z.string().refine((text): text is "x" | "y" => text.length === 1), id: z.string().brand<"Id">()';
    const dir = scratchOfTest({
      "package.json": '{ "workspaces": ["*"] }',
      ...contractPackage("far", { before: `export const Schema = z.object({ kind: ${hiding} });\n` }),
      ...contractPackage("near", {
        dependsOn: ["far"],
        before: `${uses("far")}export const Schema = z.object({ list: z.array(z.object({ base: Base })) });\n`,
      }),
      ...contractPackage("user", { dependsOn: ["near"], before: uses("near"), params: "{ value: z.object({ ...Base.shape }) }" }),
    });
    link(dir, "near", "far");
    link(dir, "user", "near");
    expect(await command(dir, ["gen"])).toMatchObject({ code: 0, err: "" });
    const handler = /ping: Handler<\[value: (.*)\], void>/.exec(read(dir, "user/generated/index.d.ts"))?.[1];
    expect(handler).toBe('{ list: { base: { kind: "x" | "y"; id: string & $brand<"Id"> } }[] }');
  });

  test("not in a circle", async () => {
    const dir = scratchOfTest({
      "package.json": '{ "workspaces": ["*"] }',
      ...contractPackage("a", { dependsOn: ["b"] }),
      ...contractPackage("b", { dependsOn: ["a"] }),
    });
    expect(await command(dir, ["gen"])).toEqual({
      code: 2,
      out: "",
      err: "ligature: Contract packages depend on each other in a circle: @test/a → @test/b → @test/a. Move what they share into one of them.\n",
    });
  });
});

describe("the command is wrong", () => {
  const dir = (): string => scratchOfTest(contractPackage("."));

  test.each<[string, readonly string[], RegExp]>([
    ["an unknown command", ["generate"], /^ligature: unknown command "generate"\. Commands: .*gen.*\n$/],
    ["an unknown option before the command", ["--watch"], /^ligature: unknown option "--watch".*\n$/],
    ["a command with a slip", ["gne"], /^ligature: unknown command "gne"\. Did you mean gen\? See ligature --help\.\n$/],
    [
      "an option with a slip",
      ["gen", "--wacth"],
      /^ligature: unknown option "--wacth"\. Did you mean --watch\? See ligature gen --help\.\n$/,
    ],
    [
      "an option instead of a value",
      ["docs", "--out", "--check"],
      /^ligature: --out needs a <folder>, and "--check" is an option\.\n$/,
    ],
    ["a folder that isn't there", ["gen", "nowhere"], /^ligature: nowhere is not a folder\.\n$/],
    ["a file instead of a folder", ["gen", "src/contract.ts"], /^ligature: src\/contract\.ts is not a folder\.\n$/],
    ["a folder without a contract", ["gen", "src"], /^ligature: src holds no contract package\. Its package\.json needs .*\n$/],
  ])("%s: one line, exit code 2", async (_, args, line) => {
    const { code, out, err } = await command(dir(), args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(line);
  });

  test("no contract package anywhere", async () => {
    const empty = scratchOfTest({ "package.json": '{ "name": "empty" }' });
    expect(ligature(empty, ["gen"])).toEqual({
      code: 2,
      out: "",
      err: 'ligature: there is no contract package here. Its package.json needs "ligature": { "contract": "./src/contract.ts" }.\n',
    });
  });

  test("a package.json that names a contract which isn't there", async () => {
    const broken = scratchOfTest({ "package.json": '{ "name": "x", "ligature": { "contract": "./src/gone.ts" } }' });
    expect(await command(broken, ["gen"])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/names \.\/src\/gone\.ts, which doesn't exist\.\n$/),
    });
  });

  test("a package.json with a slip in its key", async () => {
    const slip = scratchOfTest({ "package.json": '{ "name": "x", "ligature": { "contarct": "./src/contract.ts" } }' });
    expect(await command(slip, ["gen"])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/"ligature" has no "contract", but "contarct"; did you mean "contract"\?\n$/),
    });
  });

  test("@ligature/codegen isn't installed", async () => {
    const bare = scratchOfTest(contractPackage("."));
    rmSync(join(bare, "node_modules"));
    expect(ligature(bare, ["gen"])).toEqual({
      code: 2,
      out: "",
      err: 'ligature: "gen" needs @ligature/codegen, which isn\'t installed here. Install it: npm i -D @ligature/codegen\n',
    });
    const { code, out } = ligature(bare, ["--help"]);
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, " ")).toContain(
      `${namesOfCodegen.join(", ")} are commands of @ligature/codegen, which isn't installed here. Install it: npm i -D @ligature/codegen`,
    );
    expect(ligature(bare, ["help", "lint"])).toMatchObject({
      code: 2,
      err: expect.stringContaining('"lint" needs @ligature/codegen'),
    });
    expect(ligature(bare, ["complete", "fish"])).toMatchObject({ code: 0, out: expect.stringContaining("ligature") });
  });

  test("no command at all: the help, exit code 2", async () => {
    expect(await command(dir(), [])).toMatchObject({ code: 2, out: expect.stringContaining("Usage: ligature <command>") });
  });
});

test("help and version", async () => {
  const dir = scratchOfTest();
  expect(await command(dir, ["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("gen ") });
  expect(await command(dir, ["gen", "--help"])).toMatchObject({ code: 0, out: expect.stringContaining("--check") });
  expect((await command(dir, ["help", "gen"])).out).toBe((await command(dir, ["gen", "--help"])).out);
  expect(ligature(dir, ["--version"])).toEqual({ code: 0, out: `${versionOfLigature()}\n`, err: "" });
});

test("the commands that are named where codegen isn't installed are those that it brings", () => {
  expect(commands.map(({ name }) => name)).toEqual(namesOfCodegen);
});

describe("where @ligature/codegen is installed", () => {
  /** A repository of which one package alone has it. */
  function onlyInPackage(): string {
    const dir = scratchOfTest({ "package.json": '{ "workspaces": ["packages/*"] }', ...contractPackage("packages/a") });
    renameSync(join(dir, "node_modules"), join(dir, "packages/a/node_modules"));
    return dir;
  }

  test("a folder above the current one", () => {
    const dir = scratchOfTest({ ...contractPackage("."), "deep/er/.keep": "" });
    expect(ligature(join(dir, "deep/er"), ["gen"])).toMatchObject({ code: 0, err: "" });
  });

  test("the package that is worked on, as it is named", () => {
    const dir = onlyInPackage();
    const outside = scratchOfTest();
    rmSync(join(outside, "node_modules"));
    expect(ligature(outside, ["gen", join(dir, "packages/a")])).toMatchObject({ code: 0, err: "" });
  });

  test("a package of the workspace", () => {
    expect(ligature(onlyInPackage(), ["gen"])).toMatchObject({ code: 0, out: expect.stringContaining("packages/a  wrote") });
  });

  test("an older one says to update it", () => {
    const dir = scratchOfTest(contractPackage("."));
    rmSync(join(dir, "node_modules"));
    writeAll(dir, {
      "node_modules/@ligature/codegen/package.json": '{ "name": "@ligature/codegen", "exports": { ".": "./index.js" } }',
    });
    expect(ligature(dir, ["gen"])).toEqual({
      code: 2,
      out: "",
      err: "ligature: the installed @ligature/codegen is older than ligature; update it: npm i -D @ligature/codegen@latest\n",
    });
  });
});

describe("a reader that leaves (`| head`)", () => {
  test("the work is done all the same, without a stack", { timeout: 120_000 }, async () => {
    const dir = scratchOfTest({ "package.json": '{ "workspaces": ["*"] }', ...contractPackage("a"), ...contractPackage("b") });
    const { code, err } = await unread(dir, ["gen"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const name of ["a", "b"]) expect(existsSync(join(dir, name, "contract.json"))).toBe(true);
  });

  test("what runs until it is stopped, stops", { timeout: 120_000 }, async () => {
    expect(await unread(scratchOfTest(contractPackage(".")), ["gen", "--watch"])).toEqual({ code: 0, err: "" });
  });
});

describe("a package without generated code, or with an old one", () => {
  const missing = "ligature: b has no contract.json yet; run: ligature gen (it is left out)\n";

  /** Three packages; `b` has nothing generated, `c` is not what its source says. */
  async function workspace(): Promise<string> {
    const dir = scratchOfTest({ "package.json": '{ "workspaces": ["*"] }', ...named("a"), ...named("c") });
    await command(dir, ["gen"]);
    writeAll(dir, { ...named("b"), ...named("c", "{ size: z.number() }") });
    return dir;
  }

  function named(name: string, params?: string): Readonly<Record<string, string>> {
    const files = contractPackage(name, params === undefined ? {} : { params });
    return Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replace('contract("test"', `contract("${name}"`)]),
    );
  }

  test.each([[["lint"]], [["breaking", "--against", "."]], [["asyncapi"]]])(
    "%j speaks of the others, and ends with 1",
    async (args) => {
      const { code, out, err } = await command(await workspace(), args);
      expect(code).toBe(1);
      expect(err).toBe(
        `${missing}ligature: c/contract.json isn't what src/contract.ts says; run: ligature gen (it is left out)\n`,
      );
      expect(out).not.toBe("");
    },
  );

  test("docs and python write the others, and leave what they wrote of it", async () => {
    const dir = await workspace();
    for (const name of ["docs", "python"]) {
      await command(dir, [name, "a", "c", "--out", name]);
      rmSync(join(dir, "c/contract.json"), { force: true });
      const { code, out, err } = await command(dir, [name, "--out", name]);
      expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining(name) });
      expect(err).toMatch(/b\/contract\.json doesn't exist; .*\(it is left out\)\n/);
      expect(existsSync(join(dir, name, name === "docs" ? "c.md" : "c.py"))).toBe(true);
      await command(dir, ["gen", "c"]);
    }
  });

  test("lint takes every folder that gen takes, and looks at the workspace around it", async () => {
    const dir = await workspace();
    const outside = scratchOfTest();
    expect(await command(outside, ["gen", join(dir, "a")])).toMatchObject({ code: 0 });
    expect(await command(outside, ["lint", join(dir, "a")])).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringContaining("1 contract: "),
    });
  });
});

test("a file where a folder should be, in one line", async () => {
  const dir = scratchOfTest({ ...contractPackage("."), file: "mine" });
  await command(dir, ["gen"]);
  for (const args of [
    ["docs", "--out", "file"],
    ["python", "--out", "file"],
    ["asyncapi", "--out", "file/x"],
  ]) {
    const { code, out, err } = ligature(dir, args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^ligature: file\/.* can't be written: a file is where its folder should be\.\n$/);
  }
  expect(read(dir, "file")).toBe("mine");
});

test("completion knows commands, options and their values", () => {
  const dir = scratchOfTest(contractPackage("."));
  const completed = (...words: readonly string[]): readonly string[] =>
    ligature(dir, ["complete", "--", ...words])
      .out.split("\n")
      .map((line) => line.split("\t")[0] ?? "");
  expect(completed("")).toEqual(expect.arrayContaining(["gen", "lint", "new", "complete"]));
  expect(completed("gen", "--ch")).toContain("--check");
  expect(completed("lint", "--format", "")).toEqual(expect.arrayContaining(["text", "json", "github"]));
  expect(completed("new", "")).toContain("contract");
  for (const shell of ["bash", "fish", "powershell", "zsh"]) {
    expect(ligature(dir, ["complete", shell])).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringContaining("ligature complete"),
    });
  }
});

describe("--check", () => {
  test("says nothing is wrong, or shows what is and how to mend it; writes nothing", async () => {
    const dir = scratchOfTest(contractPackage("."));
    const missing = ligature(dir, ["gen", "--check"]);
    expect(missing).toMatchObject({ code: 1, out: "", err: expect.stringContaining("generated/index.d.ts is missing") });
    expect(existsSync(join(dir, "generated"))).toBe(false);

    await command(dir, ["gen"]);
    expect(await command(dir, ["gen", "--check"])).toMatchObject({ code: 0, err: "" });

    writeAll(dir, contractPackage(".", { params: "{ path: z.string(), force: z.boolean().optional() }" }));
    const before = read(dir, "generated/index.d.ts");
    const stale = await command(dir, ["gen", "--check"]);
    expect(stale.code).toBe(1);
    expect(stale.err).toContain(".  stale: generated/index.js, generated/index.d.ts.map, generated/index.d.ts, contract.json");
    expect(stale.err).toMatch(/^-.*Task<\[path: string\], void>;$/m);
    expect(stale.err).toMatch(/^\+.*Task<\[path: string, force\?: boolean \| undefined\], void>;$/m);
    expect(stale.err).toMatch(/Run: ligature gen\n$/);
    expect(stale.err.split("\n").length).toBeLessThan(50);
    expect(read(dir, "generated/index.d.ts")).toBe(before);
  });

  test("looks through to contracts that other contracts build on", async () => {
    const dir = scratchOfTest({
      "package.json": '{ "workspaces": ["*"] }',
      ...contractPackage("base", { before: "export const Schema = z.object({ a: z.string() });\n" }),
      ...contractPackage("user", {
        dependsOn: ["base"],
        before: 'import { Schema } from "@test/base/contract";\n',
        params: "{ value: Schema }",
      }),
    });
    link(dir, "user", "base");
    await command(dir, ["gen"]);
    expect(await command(dir, ["gen", "--check"])).toMatchObject({ code: 0, err: "" });
  });
});

describe("writing", () => {
  test("leaves files alone that are as they should be", async () => {
    const dir = scratchOfTest(contractPackage("."));
    await command(dir, ["gen"]);
    const times = outputs.map((path) => statSync(join(dir, path)).mtimeMs);
    expect((await command(dir, ["gen"])).out).toContain(".  unchanged");
    expect((await command(dir, ["gen", "--force"])).out).toContain(".  unchanged");
    expect(outputs.map((path) => statSync(join(dir, path)).mtimeMs)).toEqual(times);
  });

  test.each(outputs)("mends %s when somebody has edited or deleted it", async (path) => {
    const dir = scratchOfTest(contractPackage("."));
    await command(dir, ["gen"]);
    const good = read(dir, path);
    writeFileSync(join(dir, path), good.replace("ping", "pong"));
    expect((await command(dir, ["gen"])).out).toContain(`.  wrote ${path}`);
    expect(read(dir, path)).toBe(good);
    rmSync(join(dir, path));
    expect((await command(dir, ["gen"])).out).toContain(`.  wrote ${path}`);
    expect(read(dir, path)).toBe(good);
  });

  test("deletes what an older version left, and nothing of others", async () => {
    const dir = scratchOfTest(contractPackage("."));
    await command(dir, ["gen"]);
    writeAll(dir, {
      "generated/old.js": "// @generated by @ligature/codegen@0.0.1 from src/contract.ts · 000000000000 · do not edit\n",
      "generated/notes.md": "mine\n",
    });
    expect(await command(dir, ["gen", "--check"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("generated/old.js should not be there any more"),
    });
    expect((await command(dir, ["gen", "--force"])).out).toContain("wrote generated/old.js");
    expect(existsSync(join(dir, "generated/old.js"))).toBe(false);
    expect(existsSync(join(dir, "generated/notes.md"))).toBe(true);
  });

  test("notices changes in modules that the contract imports", async () => {
    const dir = scratchOfTest({
      ...contractPackage(".", { before: 'import { Schema } from "./schemas.ts";\n', params: "{ value: Schema }" }),
      "src/schemas.ts": 'import { z } from "zod";\nexport const Schema = z.string();\n',
    });
    await command(dir, ["gen"]);
    writeAll(dir, { "src/schemas.ts": 'import { z } from "zod";\nexport const Schema = z.number();\n' });
    expect((await command(dir, ["gen"])).out).toContain("wrote");
    expect(read(dir, "generated/index.d.ts")).toContain("export type Schema = number;");
  });

  test("one broken contract doesn't keep the others from being written", async () => {
    const dir = scratchOfTest({
      "package.json": '{ "workspaces": ["*"] }',
      ...contractPackage("a", { params: "{ then: 5 as never }" }),
      ...contractPackage("b"),
    });
    const { code, out, err } = await command(dir, ["gen"]);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: `b  wrote ${outputs.join(", ")}\n`,
      err: "a/src/contract.ts:6:28 test.ping.params.then must be a zod 4 schema, got number.\n",
    });
    expect((await command(dir, ["gen", "--verbose"])).err).toMatch(/^\s+at /m);
  });
});

/** Makes one package of a scratch workspace importable by another, as a package manager would. */
function link(dir: string, from: string, to: string): void {
  mkdirSync(join(dir, from, "node_modules/@test"), { recursive: true });
  symlinkSync(join(dir, to), join(dir, from, "node_modules/@test", to));
}

function versionOfLigature(): string {
  const { version } = JSON.parse(read(import.meta.dirname, "../../src/package.json")) as { readonly version: string };
  return version;
}
