import { relative, resolve } from "node:path";
import { parseArguments } from "./arguments.ts";
import { UsageError, type Command } from "./command.ts";

const help = `Usage: ligature usage [folder] [options]

Reads the source of a repository, by its tsconfig.json files, and lists which tasks of contract packages it
calls, sends by name, builds signatures of, links and handles, and where. Contract packages must be installed.

  folder             what to read (default: the current folder)
  --project <file>   a tsconfig to read instead of those in the folder; may be repeated
  --exclude <glob>   files that aren't looked at; may be repeated
  --format <format>  json (default), for ligature docs --usage, or text

Uses in tests are named apart: ligature docs doesn't count them among the callers.

What can't be told from the source (a task's name that is worked out at run time, a task that is passed on) is
listed as unresolved, with the reason.`;

export const usageCommand: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseArguments("usage", args, {
      project: { type: "string", multiple: true },
      exclude: { type: "string", multiple: true },
      format: { type: "string" },
    });
    const { project, exclude, format = "json" } = values;
    const [dir = ".", ...more] = positionals;
    if (more.length > 0) throw new UsageError("name one folder at most. See ligature usage --help.");
    if (format !== "json" && format !== "text") throw new UsageError(`--format must be json or text, got "${format}".`);
    const [{ readUsage }, { usageText }] = await Promise.all([import("../read/usage/index.ts"), import("../usage/index.ts")]);
    const shown = relative(terminal.cwd, resolve(terminal.cwd, dir)) === "" ? "The current folder" : dir;
    try {
      const report = await readUsage({ cwd: terminal.cwd, dir, shown, projects: project ?? [], exclude: exclude ?? [] });
      if (format === "json") terminal.out(JSON.stringify(report, undefined, 2));
      else for (const line of usageText(report)) terminal.out(line);
      return 0;
    } catch (error) {
      throw error instanceof Error && error.name === "PackageProblem" ? new UsageError(error.message) : error;
    }
  },
};
