import { describe, expect, test } from "vitest";
import { defineCommand, UsageError, type Command, type CommandGroup } from "ligature/cli";
import { runOf } from "../../src/dist/cli/run.js";

/** What a command was given, as a line. */
function told(given: unknown): string {
  return JSON.stringify(given);
}

const inspect: Command = defineCommand({
  name: "inspect",
  summary: "look at workers",
  arguments: [{ name: "worker", description: "whose", many: true }],
  options: {
    timeout: { type: "text", value: "duration", description: "how long to wait", default: "1s", short: "t" },
    queue: { type: "list", value: "name", description: "only these" },
    active: { type: "switch", description: "what runs now" },
  },
  run: async (given, terminal) => {
    terminal.out(told(given));
    return given.options.active ? 1 : 0;
  },
});

const purge: Command = defineCommand({
  name: "purge",
  summary: "delete dead letters",
  arguments: [{ name: "queue", description: "which", required: true }],
  options: { "dry-run": { type: "switch", description: "only say what would be deleted" } },
  run: async (given, terminal) => {
    terminal.out(told(given));
    if (given.arguments[0] === "none") throw new UsageError("there is no queue none.");
    return 0;
  },
});

const root: CommandGroup = {
  name: "ligature",
  summary: "",
  options: {
    output: {
      type: "text",
      value: "form",
      short: "o",
      choices: ["table", "json"],
      default: "table",
      description: "how to print",
    },
  },
  commands: [inspect, { name: "dlq", summary: "dead letters", commands: [purge] }],
};

async function run(...args: readonly string[]): Promise<{ code: number | string; out: string; err: string }> {
  const said = { out: "", err: "" };
  const terminal = {
    cwd: "/",
    out: (line: string) => void (said.out += `${line}\n`),
    err: (line: string) => void (said.err += `${line}\n`),
    stopSignal: () => new AbortController().signal,
  };
  try {
    return { code: await runOf(root, args, terminal), ...said };
  } catch (error) {
    if (!UsageError.is(error)) throw error;
    return { code: error.message, ...said };
  }
}

/** What a command got. */
async function givenBy(...args: readonly string[]): Promise<unknown> {
  return JSON.parse((await run(...args)).out);
}

describe("what a command is given", () => {
  test("nothing: the defaults", async () => {
    const options = { output: "table", timeout: "1s", queue: [], active: false };
    expect(await givenBy("inspect")).toEqual({ arguments: [], options });
  });

  test("arguments and options in any order, short, with = and repeated", async () => {
    expect(await givenBy("inspect", "a", "--queue", "x", "b", "-t", "5s", "--queue=y", "--output=json")).toEqual({
      arguments: ["a", "b"],
      options: { output: "json", timeout: "5s", queue: ["x", "y"], active: false },
    });
  });

  test("what begins with a dash, after --", async () => {
    expect(await givenBy("inspect", "--", "-t", "--queue")).toMatchObject({ arguments: ["-t", "--queue"] });
  });

  test("the options of all commands, before or after its name; after it they count", async () => {
    expect(await givenBy("-o", "json", "dlq", "purge", "q")).toMatchObject({ options: { output: "json", "dry-run": false } });
    expect(await givenBy("dlq", "purge", "q", "-o", "json", "--dry-run")).toMatchObject({
      options: { output: "json", "dry-run": true },
    });
    expect(await givenBy("-o", "json", "inspect", "-o", "table")).toMatchObject({ options: { output: "table" } });
  });
});

describe("exit codes", () => {
  test("a command's own", async () => {
    expect((await run("inspect")).code).toBe(0);
    expect((await run("inspect", "--active")).code).toBe(1);
  });

  test("help is what was asked for, or 2 where a command is missing", async () => {
    expect(await run("dlq", "--help")).toMatchObject({ code: 0, out: expect.stringContaining("delete dead letters"), err: "" });
    expect(await run("help", "inspect")).toMatchObject({ code: 0, out: expect.stringContaining("--timeout <duration>") });
    expect(await run()).toMatchObject({ code: 2, out: expect.stringContaining("look at workers") });
    expect(await run("dlq")).toMatchObject({ code: 2, out: "", err: expect.stringContaining("delete dead letters") });
  });
});

describe("mistakes", () => {
  test.each([
    [["inspct"], 'unknown command "inspct". Did you mean inspect? See ligature --help.'],
    [["serve"], 'unknown command "serve". Commands: inspect, dlq. See ligature --help.'],
    [["dlq", "purgee", "q"], 'unknown command "purgee". Did you mean purge? See ligature dlq --help.'],
    [["inspect", "--activ"], 'unknown option "--activ". Did you mean --active? See ligature inspect --help.'],
    [["dlq", "purge", "q", "--dryrun"], 'unknown option "--dryrun". Did you mean --dry-run? See ligature dlq purge --help.'],
    [["dlq", "purge"], 'missing required argument "queue". See ligature dlq purge --help.'],
    [["dlq", "purge", "a", "b"], 'too many arguments for "purge". Expected 1 argument but got 2. See ligature dlq purge --help.'],
    [["inspect", "-o", "xml"], '--output must be table or json, got "xml".'],
    [["inspect", "--timeout"], 'option "-t, --timeout <duration>" argument missing. See ligature inspect --help.'],
    [["inspect", "--timeout", "--active"], '--timeout needs a <duration>, and "--active" is an option.'],
    [["dlq", "purge", "none"], "there is no queue none."],
  ])("%j", async (args, message) => {
    expect(await run(...args)).toMatchObject({ code: message, err: "" });
  });

  test("of another copy of the package are known, others aren't", () => {
    const mark = Symbol.for("ligature.UsageError");
    expect(UsageError.is(Object.assign(new Error("x"), { [mark]: true }))).toBe(true);
    expect(UsageError.is(new Error("x"))).toBe(false);
    expect(UsageError.is({ [mark]: true })).toBe(false);
  });
});
