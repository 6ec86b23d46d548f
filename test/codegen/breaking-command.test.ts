import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { command, ligature, type CommandResult } from "./support/ligature.ts";
import { scratch, scratchOfTest, writeAll, type Scratch } from "./support/scratch.ts";
import { moduleOf } from "./support/versions.ts";

/** A workspace with a commit of the older version; the newer one lies in the folder. */
let workspace: Scratch;

const older = `
  /** Converts a file. */
  run: task({ params: { path: z.string(), options: z.object({ strict: z.boolean() }).optional() } }),
  gone: task({}),`;
const newer = `
  /** Converts a file. */
  run: task({
    params: { path: z.string(), options: z.object({ strict: z.boolean(), mode: z.string() }).optional() },
    ack: "early",
    allow: { "ack-changed": "the handler only reads" },
  }),`;

function contractPackage(name: string, tasks: string): Readonly<Record<string, string>> {
  return {
    [`${name}/package.json`]: JSON.stringify({
      name: `@test/${name}`,
      version: "1.0.0",
      type: "module",
      files: ["contract.json"],
      ligature: { contract: "./src/contract.ts" },
    }),
    [`${name}/src/contract.ts`]: moduleOf(tasks, name),
  };
}

function run(dir: string, program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: dir, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

function commit(dir: string, message: string): void {
  run(dir, "git", "add", "-A");
  run(dir, "git", "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "-m", message);
}

async function gen(dir: string): Promise<void> {
  expect(await command(dir, ["gen"])).toMatchObject({ code: 0, err: "" });
}

function breaking(...args: readonly string[]): Promise<CommandResult> {
  return command(workspace.dir, ["breaking", ...args]);
}

beforeAll(async () => {
  workspace = scratch({
    "package.json": '{ "private": true, "workspaces": ["*"] }',
    ".gitignore": "node_modules\nkept\n",
    ...contractPackage("files", older),
    ...contractPackage("other", "rest: task({}),"),
  });
  const { dir } = workspace;
  await gen(dir);
  run(dir, "git", "init", "--quiet", "--initial-branch", "trunk");
  commit(dir, "older");
  // What was published, and a checkout of it, are kept beside.
  run(dir, "npm", "pack", "./files", "--pack-destination", ".", "--silent");
  mkdirSync(join(dir, "kept/old/files"), { recursive: true });
  renameSync(join(dir, "test-files-1.0.0.tgz"), join(dir, "kept/files.tgz"));
  writeAll(dir, { "kept/old/files/contract.json": readFileSync(join(dir, "files/contract.json"), "utf8") });
  writeAll(dir, contractPackage("files", newer));
  await gen(dir);
  return () => workspace.remove();
});

const changes = [
  "files/src/contract.ts:3:22 error task-removed (SOURCE, WIRE) files.gone",
  "files/src/contract.ts:7:33 error param-narrowed (SOURCE, WIRE) files.run.options.mode",
  "allowed ack-changed files.run: the handler only reads",
];

function headlines({ out }: CommandResult): readonly string[] {
  return out.split("\n").filter((line) => line !== "" && !line.startsWith(" "));
}

describe("against", () => {
  test.each([
    ["a branch", "trunk", /^against git trunk \([0-9a-f]{7}\): 2 errors, no warnings, 1 allowed$/],
    ["a commit", "HEAD", /^against git HEAD \([0-9a-f]{7}\): /],
    ["a file", "kept/old/files/contract.json", /^against kept\/old\/files\/contract\.json: /],
    ["a package's folder", "./kept/old/files", /^against \.\/kept\/old\/files: /],
    ["a folder with the packages of the workspace", "kept/old", /^against kept\/old: /],
    ["a packed package", "kept/files.tgz", /^against kept\/files\.tgz: /],
    ["a package that npm finds", "@test/files@file:kept/files.tgz", /^against @test\/files@file:kept\/files\.tgz: /],
  ])("%s", async (_, against, last) => {
    const result = await breaking("--against", against);
    expect(result).toMatchObject({ code: 1, err: "" });
    const lines = headlines(result);
    expect(lines.filter((line) => !line.startsWith("@test/other is new"))).toEqual([...changes, expect.stringMatching(last)]);
  });

  test("the folders that are named, and no others", async () => {
    expect(await breaking("other", "--against", "trunk")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^against .*: no errors/),
    });
  });

  test("what is committed already: nothing", async () => {
    const dir = scratchOfTest({
      "package.json": '{ "workspaces": ["*"] }',
      ".gitignore": "node_modules\n",
      ...contractPackage("files", older),
    });
    await gen(dir);
    run(dir, "git", "init", "--quiet");
    commit(dir, "all");
    expect(await command(dir, ["breaking", "--against", "HEAD"])).toMatchObject({ code: 0, err: "" });
  });

  test("a commit whose packages are gone or elsewhere now", async () => {
    const dir = scratchOfTest({
      "package.json": '{ "workspaces": ["*"] }',
      ".gitignore": "node_modules\n",
      ...contractPackage("files", older),
      ...contractPackage("stays", "rest: task({}),"),
      ...contractPackage("moves", "rest: task({}),"),
    });
    await gen(dir);
    run(dir, "git", "init", "--quiet");
    commit(dir, "all");
    rmSync(join(dir, "files"), { recursive: true });
    renameSync(join(dir, "moves"), join(dir, "moved"));
    const result = await command(dir, ["breaking", "--against", "HEAD"]);
    expect(headlines(result)).toEqual([
      "error contract-removed (SOURCE, WIRE) files",
      expect.stringContaining("1 error, no warnings"),
    ]);
    expect(result.code).toBe(1);
  });
});

describe("formats", () => {
  test("json", () => {
    const { code, out } = ligature(workspace.dir, ["breaking", "--against", "trunk", "--format", "json"]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      command: "breaking",
      findings: [
        { rule: "task-removed" },
        { rule: "ack-changed", allowed: "the handler only reads" },
        {
          rule: "param-narrowed",
          severity: "error",
          categories: ["SOURCE", "WIRE"],
          contract: "files",
          task: "run",
          part: "options",
          place: "files.run.options.mode",
          source: { file: "files/src/contract.ts", line: 7, column: 33 },
          why: expect.stringContaining("it may be missing, and is required"),
          fix: expect.stringContaining("new task"),
        },
      ],
      unused: [],
      notes: [],
    });
  });

  test("github: annotations, without what is allowed", async () => {
    const { out } = await breaking("--against", "trunk", "--format", "github");
    expect(out.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^::error file=files\/src\/contract\.ts,line=3,col=\d+,title=ligature breaking%3A task-removed/),
      expect.stringMatching(
        /^::error file=files\/src\/contract\.ts,line=7,col=33,title=ligature breaking%3A param-narrowed \(SOURCE%2C WIRE\)::files\.run\.options\.mode: .*%0A/,
      ),
    ]);
  });

  test("one category only", async () => {
    const { code, out } = await breaking("--against", "trunk", "--category", "WIRE", "--format", "json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ findings: [{}, { rule: "ack-changed" }, {}] });
    const source = await breaking("--against", "trunk", "--category", "SOURCE", "--format", "json");
    expect(JSON.parse(source.out)).toMatchObject({ findings: [{ rule: "task-removed" }, { rule: "param-narrowed" }] });
  });
});

describe("allowing", () => {
  const base = "run: task({ params: { a: z.string(), b: z.string() } }), gone: task({}),";

  async function compare(contract: string): Promise<CommandResult> {
    const dir = scratchOfTest({ "package.json": '{ "workspaces": ["*"] }', ...contractPackage("c", base) });
    await gen(dir);
    renameSync(join(dir, "c/contract.json"), join(dir, "old.json"));
    writeAll(dir, { "c/src/contract.ts": moduleOf(contract) });
    await gen(dir);
    return command(dir, ["breaking", "--against", "old.json"]);
  }

  test("one part of one rule: others of the rule are still found", async () => {
    const result = await compare(
      'run: task({ params: { a: z.string().max(9), b: z.string().max(9) }, allow: { "param-narrowed a": "short ever since" } }), gone: task({}),',
    );
    expect(result.code).toBe(1);
    expect(headlines(result)).toEqual([
      expect.stringContaining("error param-narrowed (WIRE) c.run.b"),
      "allowed param-narrowed c.run.a: short ever since",
      expect.stringContaining("1 error, no warnings, 1 allowed"),
    ]);
  });

  test("everything: exit code 0; what allows nothing is said, and does not fail", async () => {
    const result = await compare(
      'export const c = contract("c", { allow: { "task-removed gone": "never called", "queue-moved": "no more" }, tasks: { run: task({ params: { a: z.string(), b: z.string() } }) } });',
    );
    expect(result).toMatchObject({ code: 0, err: "" });
    expect(headlines(result)).toEqual([
      "allowed task-removed c.gone: never called",
      expect.stringMatching(
        /^c\/src\/contract\.ts:\d+:\d+ warning c allows "queue-moved", but there is nothing to allow any more; remove it\.$/,
      ),
      expect.stringContaining("no errors, 1 warning, 1 allowed"),
    ]);
  });

  test.each([
    ["a task", 'allow: { "task-removed": " " }', /c\.run\.allow: "task-removed" needs a reason/],
    ["a rule", 'allow: { "TASK REMOVED": "x" }', /c\.run\.allow: "TASK REMOVED" is no rule's name/],
    ["no object", 'allow: ["task-removed"] as never', /c\.run\.allow must be an object of rules and reasons/],
  ])("%s that isn't said rightly is a mistake of the contract", async (_, allow, message) => {
    const dir = scratchOfTest({ "package.json": '{ "workspaces": ["*"] }', ...contractPackage("c", `run: task({ ${allow} }),`) });
    expect(await command(dir, ["gen"])).toMatchObject({ code: 1, err: expect.stringMatching(message) });
  });
});

describe("the command is wrong: one line, exit code 2", () => {
  test.each([
    ["nothing to compare with", [], /^ligature: say what to compare with: /],
    ["an unknown ref", ["--against", "nowhere"], /^ligature: "nowhere" is no git ref, file or folder here, /],
    ["a folder without manifests", ["--against", "files/src"], /^ligature: files\/src holds no contract\.json, /],
    [
      "a file that is no manifest",
      ["--against", "files/package.json"],
      /^ligature: files\/package\.json is not a contract's manifest, /,
    ],
    ["a file that is no JSON", ["--against", "files/src/contract.ts"], /^ligature: files\/src\/contract\.ts is not JSON: /],
    [
      "a package that npm doesn't find",
      ["--against", "@test/x@file:nowhere.tgz"],
      /^ligature: npm pack @test\/x@file:nowhere\.tgz: /,
    ],
    [
      "an unknown format",
      ["--against", "trunk", "--format", "xml"],
      /^ligature: --format must be text, json or github, got "xml"\.$/,
    ],
    [
      "an unknown category",
      ["--against", "trunk", "--category", "ALL"],
      /^ligature: --category must be SOURCE or WIRE, got "ALL"\.$/,
    ],
    ["an unknown option", ["--base", "trunk"], /^ligature: unknown option "--base"\. See ligature breaking --help\.$/],
  ])("%s", async (_, args, line) => {
    const { code, out, err } = await breaking(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.trimEnd()).toMatch(line);
    expect(err.trimEnd()).not.toContain("\n");
  });

  test("a ref that is a path, too", async () => {
    run(workspace.dir, "git", "branch", "--force", "files", "HEAD");
    expect((await breaking("--against", "files")).err).toBe(
      'ligature: "files" is a git ref and a path here; say ./files, or refs/heads/files.\n',
    );
  });

  test("a manifest that its source has outgrown", async () => {
    const dir = scratchOfTest({ "package.json": '{ "workspaces": ["*"] }', ...contractPackage("c", "run: task({}),") });
    expect((await command(dir, ["breaking", "--against", "c"])).err).toBe(
      "ligature: c has no contract.json yet; run: ligature gen\n",
    );
    await gen(dir);
    writeAll(dir, { "c/src/contract.ts": moduleOf("walk: task({}),") });
    expect(await command(dir, ["breaking", "--against", "c"])).toMatchObject({
      code: 2,
      err: "ligature: c/contract.json isn't what src/contract.ts says; run: ligature gen\n",
    });
  });
});
