import { beforeAll, describe, expect, test } from "vitest";
import type { Manifest } from "../../codegen/dist/manifest/index.js";
import { findLint } from "../../codegen/dist/lint/index.js";
import { command, ligature, type CommandResult } from "./support/ligature.ts";
import { scratchOfTest } from "./support/scratch.ts";
import { manifestsOf, moduleOf } from "./support/versions.ts";

interface Case {
  readonly what: string;
  /** Tasks, or a whole module. */
  readonly source: string;
  /** `<severity> <rule> <place>`. */
  readonly finds: readonly string[];
}

const described = "/** Does it. */";

/** One described task. */
function task(what: string, options: string, ...finds: readonly string[]): Case {
  return { what, source: `${described}\nrun: task({ ${options} }),`, finds };
}

function param(what: string, schema: string, ...finds: readonly string[]): Case {
  return task(what, `params: { value: ${schema} }`, ...finds);
}

function contractWith(options: string, body = `${described}\nrun: task({}),`): string {
  return `export const c = contract("c", { ${options} tasks: {\n${body}\n} });`;
}

const unbounded = "warning unbounded-param c.run.value";

const cases: readonly Case[] = [
  { what: "a task without a comment", source: "run: task({}),", finds: ["warning task-undescribed c.run"] },
  { what: "a task whose comment is only a tag", source: "/** @deprecated use other */\nrun: task({}),", finds: [] },
  param("any string", "z.string()", unbounded),
  param("a string with a least length", "z.string().min(1)", unbounded),
  param("a string inside", "z.object({ a: z.array(z.object({ b: z.string() })).max(3) })", unbounded),
  param("a list of any length", "z.array(z.number())", unbounded),
  param("a recursive schema", "z.object({ a: z.string().max(1), get b() { return z.array(z.number()).max(2).optional(); } })"),
  ...[
    "z.string().max(9)",
    "z.email()",
    "z.string().regex(/^a{3}$/)",
    "z.date()",
    "z.bigint()",
    'z.enum(["a"])',
    "z.number()",
    "z.array(z.number()).max(3)",
    "z.tuple([z.number()])",
    "z.templateLiteral(['v', z.number()])",
  ].map((schema) => param(schema, schema)),
  { what: "capitals in a queue's name", source: contractWith('queue: "Files",'), finds: ["warning queue-name c"] },
  {
    what: "a colon in a task's own queue",
    source: contractWith("", `${described}\nrun: task({ queue: "a:b" }),`),
    finds: ["warning queue-name c.run"],
  },
  { what: "the queue of Celery's events", source: contractWith('queue: "celeryev.x",'), finds: ["error queue-name c"] },
  { what: "the queue of the delays", source: contractWith('queue: "ligature.delay.3",'), finds: ["error queue-name c"] },
  { what: "the queue of another contract", source: contractWith('queue: "neighbour",'), finds: ["error queue-shared c"] },
  { what: "a queue that two Celery contracts share", source: contractWith('runtime: "celery", queue: "celery",'), finds: [] },
  task("a value after ten minutes", 'returns: z.number(), timeLimit: { hard: "10m" }', "warning rpc-over-deadline c.run"),
  task("a value within ten seconds", 'returns: z.number(), timeLimit: { hard: "10s" }'),
  task("progress on the way", 'returns: z.number(), progress: z.number(), timeLimit: { hard: "10m" }'),
  task("nothing after ten minutes", 'timeLimit: { hard: "10m" }'),
  task("a value that nobody gets", 'returns: z.number(), ignoreResult: true, timeLimit: { hard: "10m" }'),
  {
    what: "a value that another task takes first",
    source: `export const Report = z.object({ rows: z.number() });
${contractWith("", `${described}\nrun: task({ returns: Report, timeLimit: { hard: "10m" } }),\n${described}\nnote: task({ params: { report: Report } }),`)}`,
    finds: [],
  },
  {
    what: "a callback by its name that nothing fits",
    source: `${described}\nonDone: task({ params: { at: z.date() } }),`,
    finds: ["warning callback-unfed c.onDone.at"],
  },
  {
    what: "a callback by its name that something fits",
    source: `${described}\nonDone: task({ params: { report: z.object({ done: z.boolean() }) } }),`,
    finds: [],
  },
  { what: "no callback", source: `${described}\nnote: task({ params: { at: z.date() } }),`, finds: [] },
  {
    what: "keywords where Ligature serves",
    source: `${described}\nrun: task({ params: { from: z.number(), lambda: z.number() } }),`,
    finds: ["warning python-name c.run.from", "warning python-name c.run.lambda"],
  },
  {
    what: "keywords where Python serves",
    source: contractWith('runtime: "celery",', `${described}\npass: task({ name: "x.y" }),`),
    finds: ["error python-name c.pass"],
  },
  { what: "a built-in function's name", source: `${described}\nprint: task({}),`, finds: ["warning python-name c.print"] },
  {
    what: "what is to happen once, tried again",
    source: "/** Must not run twice. */\nrun: task({ retry: {} }),",
    finds: ["warning retry-not-idempotent c.run"],
  },
  {
    what: "what is to happen once, not tried again",
    source: "/** Must not run twice. */\nrun: task({ retry: { limit: 0 } }),",
    finds: [],
  },
];

const neighbour = `export const neighbour = contract("neighbour", { tasks: {
  ${described}
  work: task({ returns: z.object({ done: z.boolean() }) }),
} });`;
const celery = `export const old = contract("old", { runtime: "celery", queue: "celery", tasks: { ${described} rest: task({}) } });`;

let manifests: ReadonlyMap<string, Manifest>;

beforeAll(() => {
  const modules = cases.map(({ source }, index) => [`case-${index}`, moduleOf(source)] as const);
  manifests = manifestsOf(
    Object.fromEntries([...modules, ["neighbour", moduleOf(neighbour)], ["old", moduleOf(celery)]]),
    (folder) => `@test/${folder}`,
  );
});

function manifest(folder: string): Manifest {
  const found = manifests.get(folder);
  if (found === undefined) throw new Error(`${folder} was not generated.`);
  return found;
}

describe("lint", () => {
  test.each(cases.map((each, index) => ({ ...each, index })))("$what: $finds", ({ index, finds }) => {
    const one = manifest(`case-${index}`);
    const { findings } = findLint([one], [one, manifest("neighbour"), manifest("old")]);
    expect(findings.map(({ severity, rule, place }) => `${severity} ${rule} ${place}`)).toEqual(finds);
  });
});

describe("the command", () => {
  function workspace(tasks: string): string {
    return scratchOfTest({
      "package.json": '{ "workspaces": ["*"] }',
      "c/package.json": '{ "name": "@test/c", "type": "module", "ligature": { "contract": "./src/contract.ts" } }',
      "c/src/contract.ts": moduleOf(tasks),
    });
  }

  async function lint(tasks: string, ...args: readonly string[]): Promise<CommandResult> {
    const dir = workspace(tasks);
    expect(await command(dir, ["gen"])).toMatchObject({ code: 0, err: "" });
    return command(dir, ["lint", ...args]);
  }

  test("warnings don't make it fail", async () => {
    expect(await lint("run: task({}),")).toEqual({
      code: 0,
      err: "",
      out: [
        "c/src/contract.ts:4:1 warning task-undescribed c.run",
        "  Users see the comment in their editors; without one they have to ask or to guess.",
        "  Write a comment above it: what it does, how long it takes, what happens when it is asked twice.",
        "1 contract: no errors, 1 warning",
        "",
      ].join("\n"),
    });
  });

  test("--strict: they do", async () => {
    const dir = workspace("run: task({}),");
    expect(await command(dir, ["gen"])).toMatchObject({ code: 0, err: "" });
    expect(ligature(dir, ["lint", "--strict"]).code).toBe(1);
  });

  test("errors do; as annotations", async () => {
    const { code, out } = await lint(contractWith('queue: "c.dead",'), "--format", "github");
    expect(code).toBe(1);
    expect(out).toMatch(
      /^::error file=c\/src\/contract\.ts,line=3,col=18,title=ligature lint%3A queue-name::c: "c\.dead" is where/,
    );
  });

  test("what a task allows, what the contract allows for all, and what neither has to allow", async () => {
    const { code, out } = await lint(
      contractWith(
        'allow: { "task-undescribed": "the names say it", "queue-shared": "no more" },',
        'run: task({ params: { a: z.string(), b: z.string() }, allow: { "unbounded-param a": "checked before", "ack-changed": "meant" } }),\ngo: task({}),',
      ),
      "--format",
      "json",
    );
    expect(code).toBe(0);
    const { findings, unused } = JSON.parse(out) as {
      findings: { place: string; allowed?: string }[];
      unused: { entry: string }[];
    };
    expect(findings.map(({ place, allowed }) => [place, allowed])).toEqual([
      ["c.run", "the names say it"],
      ["c.run.a", "checked before"],
      ["c.run.b", undefined],
      ["c.go", "the names say it"],
    ]);
    // Those of `ligature breaking` are its business.
    expect(unused.map(({ entry }) => entry)).toEqual(["queue-shared"]);
  });

  test("a rule that doesn't exist can't be allowed", async () => {
    const { code, out } = await lint(`${described}\nrun: task({ allow: { "task-undescibed": "x" } }),`);
    expect(code).toBe(1);
    expect(out).toContain('error allow-unknown c.run\n  There is no rule "task-undescibed", so this allows nothing.');
  });

  test.each([
    ["an unknown option", ["--fix"], /^ligature: unknown option "--fix"\. See ligature lint --help\.$/],
    ["an unknown folder", ["nowhere"], /^ligature: nowhere is not a folder\.$/],
    ["no manifest yet", [], /^ligature: c has no contract\.json yet; run: ligature gen$/],
  ])("is wrong: %s", async (_, args, line) => {
    const { code, out, err } = await command(workspace("run: task({}),"), ["lint", ...args]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.trimEnd()).toMatch(line);
  });
});
