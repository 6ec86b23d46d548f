import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseManifest } from "../../codegen/dist/manifest/index.js";
import { readUsage } from "../../codegen/dist/usage/scan/index.js";
import { parseUsage, usageText, type UsageReport } from "../../codegen/dist/usage/index.js";
import { UsageFacts } from "../../codegen/dist/docs/index.js";
import { ligature } from "./support/ligature.ts";
import { scratchOfTest } from "./support/scratch.ts";

const root: string = join(import.meta.dirname, "..", "..");

const tsconfig = JSON.stringify({
  compilerOptions: { target: "es2023", module: "nodenext", strict: true, noEmit: true, skipLibCheck: true, types: [] },
});

function usage(dir: string, ...args: readonly string[]): UsageReport {
  const { code, out, err } = ligature(dir, ["usage", ...args]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return parseUsage(out, "output");
}

/** What `//>` in a file's lines says should be found there, in the words of `--format text`. */
function expected(files: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(files).flatMap(([file, text]) =>
    text.split("\n").flatMap((line, index) => {
      const [, said] = line.split("//> ");
      return said === undefined ? [] : said.split("; ").map((each) => `${file}:${index + 1} ${each}`);
    }),
  );
}

function found(report: UsageReport): readonly string[] {
  return usageText(report)
    .slice(0, -1)
    .map((line) => line.replace(/^(\S+:\d+):\d+/, "$1").replace(/: .*$/, ""));
}

async function check(files: Readonly<Record<string, string>>): Promise<UsageReport> {
  const dir = scratchOfTest({
    "package.json": '{ "name": "@test/consumer", "type": "module" }',
    "tsconfig.json": tsconfig,
    ...files,
  });
  const report = await readUsage({ cwd: dir, dir: ".", shown: "." });
  expect([...found(report)].sort()).toEqual([...expected(files)].sort());
  return report;
}

const head = `import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import { chain, createApp } from "ligature";
const app = createApp({ name: "test" });
const remote = app.remote(processing);
`;

test("calls, in all ways, under any name", async () => {
  await check({
    "src/tasks.ts": `import { processing, type ProcessingRemote } from "@example/processing";
import { createApp } from "ligature";
export { processing as files } from "@example/processing";
export const stubs = createApp({ name: "test" }).remote(processing);
export const run = stubs.processFile;
export const byName = { inspect: stubs.inspectFile, deep: { run } };
export type Inspect = ProcessingRemote["inspectFile"];
`,
    "src/main.ts": `import { byName, files, run as start, stubs, type Inspect } from "./tasks.js";
await stubs.inspectFile("a"); //> call processing.inspectFile
await stubs["inspectFile"]("a"); //> call processing.inspectFile
await (stubs.inspectFile)!("a"); //> call processing.inspectFile
await start("a"); //> call processing.processFile
await start.delay("a"); //> delay processing.processFile
const { inspectFile, processFile: again } = stubs;
await inspectFile.with({ timeout: "1s" })("a"); //> with processing.inspectFile
await again.applyAsync(["a"]); //> applyAsync processing.processFile
await byName.inspect("a"); //> call processing.inspectFile
await byName.deep.run("a"); //> call processing.processFile
const either = Math.random() > 0.5 ? stubs.inspectFile : stubs.processFile;
await either("a"); //> call processing.inspectFile; call processing.processFile
async function look(inspect: Inspect): Promise<number> {
  return (await inspect("a")).bytes; //> call processing.inspectFile
}
await look(stubs.inspectFile); //> unresolved processing.inspectFile
const { s, si: build } = files.processFile; //> unresolved processing.processFile
console.log(files.processFile.si("a")); //> si processing.processFile
class Service {
  readonly #remote = stubs;
  read(): unknown {
    return this.#remote.inspectFile("a"); //> call processing.inspectFile
  }
}
export const name = "inspectFile" as "inspectFile" | "processFile";
await stubs[name]("a"); //> call processing.inspectFile; call processing.processFile
`,
  });
});

test("links, wherever they are made", async () => {
  await check({
    "main.ts": `${head}
const done = catalog.markProcessed.s(1); //> s catalog.markProcessed
const failed = catalog.markFailed.si(1); //> si catalog.markFailed
const parent = processing.processFile.si("a"); //> si processing.processFile
parent.link(done); //> link processing.processFile → catalog.markProcessed
parent.set({ priority: 1 }).linkError(failed); //> linkError processing.processFile → catalog.markFailed
await remote.processFile.applyAsync(["a"], { link: [done], linkError: failed }); //> applyAsync processing.processFile; link processing.processFile → catalog.markProcessed; linkError processing.processFile → catalog.markFailed
const options = { link: done }; //> link processing.processFile → catalog.markProcessed
await remote.processFile.applyAsync(["a"], { ...options, priority: 3 }); //> applyAsync processing.processFile
await app.sendTask("processing.processFile", ["a"], { linkError: failed }); //> sendTask processing.processFile; linkError processing.processFile → catalog.markFailed
const steps = chain(parent, done, failed); //> chain processing.processFile → catalog.markProcessed; chain catalog.markProcessed → catalog.markFailed
await app.send(steps.linkError(failed)); //> linkError processing.processFile → catalog.markFailed; linkError catalog.markProcessed → catalog.markFailed; linkError catalog.markFailed → catalog.markFailed
parent.pipe(done).link(failed); //> chain processing.processFile → catalog.markProcessed; link catalog.markProcessed → catalog.markFailed
function notice(id: number) {
  return catalog.markFailed.si(id); //> si catalog.markFailed
}
let growing = processing.inspectFile.si("a"); //> si processing.inspectFile
if (Math.random() > 0.5) growing = growing.link(notice(1)); //> link processing.inspectFile → catalog.markFailed
growing.linkError(notice(2)); //> linkError processing.inspectFile → catalog.markFailed
parent.link(Math.random() > 0.5 ? done : failed); //> link processing.processFile → catalog.markProcessed; link processing.processFile → catalog.markFailed
`,
  });
});

test("groups, chords, and many runs of a task", async () => {
  await check({
    "main.ts": `${head}
import { notifications, type Notice } from "@example/notifications";
import { chord, chunks, group, map, starmap, type Signature } from "ligature";
declare const notice: Notice;
declare const paths: string[];
declare const rest: Signature<unknown, number>;
const header = paths.map((path) => processing.processFile.si(path).linkError(catalog.markFailed.si(1))); //> si processing.processFile; si catalog.markFailed; linkError processing.processFile → catalog.markFailed
const tell = notifications.notify.si(notice); //> si notifications.notify
const failed = catalog.markFailed.si(2); //> si catalog.markFailed
chord(header, tell).linkError(failed); //> chord processing.processFile → notifications.notify; linkError notifications.notify → catalog.markFailed
const all = group(...header);
all.link(tell); //> chord processing.processFile → notifications.notify
all.linkError(failed); //> linkError processing.processFile → catalog.markFailed
chain(all, tell, failed).linkError(failed); //> chord processing.processFile → notifications.notify; chain notifications.notify → catalog.markFailed; linkError notifications.notify → catalog.markFailed; linkError catalog.markFailed → catalog.markFailed
chord(all, rest); //> unresolved processing.processFile
map(processing.inspectFile, paths).link(tell); //> map processing.inspectFile; link processing.inspectFile → notifications.notify
starmap(processing.inspectFile, [["a"]]); //> starmap processing.inspectFile
chunks(processing.inspectFile, [["a"]], 2).link(tell); //> chunks processing.inspectFile; chord processing.inspectFile → notifications.notify
`,
  });
});

test("what is served, and tests that serve it", async () => {
  await check({
    "main.ts": `${head}
import { notifications, type NotificationsHandlers } from "@example/notifications";
import { startTestService } from "ligature/testing";
declare const handlers: NotificationsHandlers;
const { worker } = app;
await app.worker(notifications, handlers).start(); //> handle notifications.listNotices; handle notifications.notify
await startTestService(notifications, handlers); //> handle notifications.listNotices; handle notifications.notify
const called = handlers.notify;
void chain, catalog, processing, remote, worker, called;
`,
  });
});

test("nothing is dropped in silence", async () => {
  const { unresolved } = await check({
    "main.ts": `${head}
import type { ApplyOptions, ImmutableSignature, Signature } from "ligature";
import type { ProcessedFile } from "@example/processing";
import { what } from "not-installed"; //> unresolved
declare const key: keyof typeof remote & string;
declare const names: readonly ("processing.inspectFile" | "processing.processFile")[];
declare const anything: string;
declare function later(task: unknown): void;
await remote[key]("a"); //> call processing.inspectFile; call processing.processFile
await (remote as unknown as Record<string, typeof remote.inspectFile>)[anything]?.("a"); //> call processing.inspectFile
await remote[anything as never]; //> unresolved
later(remote.inspectFile); //> unresolved processing.inspectFile
later(remote); //> unresolved
later(catalog); //> unresolved
console.log(catalog.getFiles.taskName); //> unresolved catalog.getFiles
await app.sendTask(anything as never, [] as never); //> unresolved
for (const name of names) await app.sendTask(name, ["a"]); //> sendTask processing.inspectFile; sendTask processing.processFile
function send(callback: Signature<ProcessedFile, unknown>, options: ApplyOptions<ProcessedFile>, first: ImmutableSignature<number>) {
  void remote.processFile.applyAsync(["a"], { link: callback }); //> applyAsync processing.processFile; unresolved processing.processFile
  void remote.processFile.applyAsync(["a"], options); //> applyAsync processing.processFile; unresolved processing.processFile
  void first.link(catalog.markFailed.s()); //> s catalog.markFailed; link ? → catalog.markFailed
  void chain(first, catalog.markFailed.s()); //> s catalog.markFailed; chain ? → catalog.markFailed
}
void send, what, processing;
`,
  });
  for (const { why } of unresolved) expect(why).toMatch(/^\S.*[^.]$/);
  expect(unresolved[0]).toMatchObject({ file: "main.ts", line: 9, column: 22, by: "@test/consumer" });
});

test("the example system: what grep finds, and nothing that isn't there", () => {
  const report = usage(root, "examples");
  const contracts = ["billing", "catalog", "notifications", "processing"];
  expect(report.contracts).toEqual(contracts.map((contract) => ({ contract, package: `@example/${contract}` })));
  expect(report.unresolved).toEqual([]);

  const folderOf = (name: string): string => (name === "billing" ? "examples/hello" : `packages/${name}`);
  const tasks = contracts.flatMap((name) =>
    Object.keys(parseManifest(readFileSync(join(root, folderOf(name), "contract.json"), "utf8"), name).tasks),
  );
  const keys = tasks.map((task) => task.split(".")[1]).join("|");
  const pattern = `\\b(remote|\\w+Service|${contracts.join("|")})\\.(${keys})\\b`;
  const grep = execFileSync("git", ["grep", "--untracked", "-nE", pattern, "--", "examples/*.ts", ":!*/generated/*"], {
    cwd: root,
    encoding: "utf8",
  });
  const mentions = grep
    .split("\n")
    .filter((line) => line !== "" && !/:\s*(\*|\/\/)/.test(line))
    .map((line) => line.split(":").slice(0, 2).join(":"));
  expect(mentions.length).toBeGreaterThan(4);
  const used = report.uses.filter(({ kind }) => kind !== "handle");
  expect(used.map(({ file, line }) => `${file}:${line}`)).toEqual(expect.arrayContaining(mentions));
  for (const { file, line, column, task } of used) {
    const text = readFileSync(join(root, file), "utf8").split("\n")[line - 1] ?? "";
    expect(text.slice(column - 1)).toMatch(new RegExp(`^${task.split(".")[1]}\\b`));
  }
  const handled = report.uses.filter(({ kind }) => kind === "handle").map(({ task }) => task);
  expect(handled.sort()).toEqual(tasks.sort());
  expect(report.links.map(({ kind, parent, callback }) => [kind, parent, callback])).toEqual(
    expect.arrayContaining([
      ["link", "processing.processFile", "catalog.markProcessed"],
      ["linkError", "processing.processFile", "catalog.markFailed"],
    ]),
  );
});

test("several programs: each file once, whatever refers to what", async () => {
  const file = 'import { processing } from "@example/processing";\nexport const first = processing.inspectFile.si("a");\n';
  const dir = scratchOfTest({
    "package.json": '{ "workspaces": ["*"] }',
    "tsconfig.json": '{ "files": [], "references": [{ "path": "a/tsconfig.build.json" }] }',
    "a/package.json": '{ "name": "a", "type": "module" }',
    "a/tsconfig.build.json": tsconfig,
    "a/src/a.ts": file,
    "b/package.json": '{ "name": "b", "type": "module" }',
    "b/tsconfig.json": `${tsconfig.slice(0, -1)}, "include": ["src", "../a/src"] }`,
    "b/src/b.js": "export {};\n",
    "b/src/b.ts": file,
  });
  const { uses } = await readUsage({ cwd: dir, dir: ".", shown: "." });
  expect(uses).toEqual([
    { contract: "processing", task: "processing.inspectFile", kind: "si", file: "a/src/a.ts", line: 2, column: 33, by: "a" },
    { contract: "processing", task: "processing.inspectFile", kind: "si", file: "b/src/b.ts", line: 2, column: 33, by: "b" },
  ]);
  expect(ligature(dir, ["usage", "a", "--project", "a/tsconfig.build.json", "--format", "text"]).out).toBe(
    "a/src/a.ts:2:33 si processing.inspectFile\n1 use, 0 links, 0 unresolved\n",
  );
});

test("what can't be asked for, in one line", () => {
  const dir = scratchOfTest({ "package.json": "{}", "bad/tsconfig.json": '{ "include": [', "empty/.keep": "" });
  const problem = (...args: readonly string[]): string => {
    const { code, out, err } = ligature(dir, ["usage", ...args]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    return err;
  };
  expect(problem("empty")).toMatch(/^ligature: empty has no tsconfig\.json, .*--project\.\n$/);
  expect(problem("nowhere")).toBe("ligature: nowhere is not a folder.\n");
  expect(problem("a", "b")).toBe(
    'ligature: too many arguments for "usage". Expected 1 argument but got 2. See ligature usage --help.\n',
  );
  expect(problem("--format", "xml")).toBe('ligature: --format must be json or text, got "xml".\n');
  expect(problem("--project", "none.json")).toBe("ligature: none.json doesn't exist.\n");
  expect(problem("bad")).toMatch(/^ligature: bad\/tsconfig\.json: .+\n$/);
  expect(problem("--nope")).toMatch(/^ligature: unknown option "--nope".*\n$/);
});

test("tests are named apart, and what is excluded isn't read", async () => {
  const call = `${head}await remote.processFile("a.csv");\n`;
  const dir = scratchOfTest({
    "package.json": '{ "name": "@test/consumer", "type": "module" }',
    "tsconfig.json": tsconfig,
    "src/main.ts": call,
    "src/main.test.ts": call,
    "src/latest.ts": call,
    "test/misuse/typo.ts": call,
    "tools/__tests__/run.ts": call,
  });
  const report = await readUsage({ cwd: dir, dir: ".", shown: ".", exclude: ["test/misuse/**"] });
  expect(report.uses.map(({ file, test: isTest = false }) => [file, isTest])).toEqual([
    ["src/latest.ts", false],
    ["src/main.test.ts", true],
    ["src/main.ts", false],
    ["tools/__tests__/run.ts", true],
  ]);
  expect(usageText(report).slice(-3)).toEqual([
    expect.stringMatching(/^tools\/__tests__\/run\.ts:6:\d+ \(test\) call processing\.processFile$/),
    "2 uses, 0 links, 0 unresolved",
    "In tests: 2 uses, 0 links, 0 unresolved",
  ]);
  const facts = new UsageFacts([report]);
  expect(facts.usesOf("processing.processFile", "call").flatMap(({ files }) => files)).toEqual(["src/latest.ts", "src/main.ts"]);
  expect(ligature(dir, ["usage", "--exclude", "**/*.ts", "--format", "text"]).out).toBe("0 uses, 0 links, 0 unresolved\n");
});
