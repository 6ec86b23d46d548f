import { relative, resolve } from "node:path";
import { defineCommand, type Command } from "ligature/cli";

export const usageCommand: Command = defineCommand({
  name: "usage",
  summary: "list which tasks a repository calls, links and handles, and where",
  description: `Reads the source of a repository, by its tsconfig.json files, and lists which tasks of contract packages it
calls, sends by name, builds signatures of, links and handles, and where. Contract packages must be installed.`,
  arguments: [{ name: "folder", description: "what to read (default: the current folder)" }],
  options: {
    project: { type: "list", value: "file", description: "a tsconfig to read instead of those in the folder" },
    exclude: { type: "list", value: "glob", description: "files that aren't looked at" },
    format: {
      type: "text",
      value: "format",
      choices: ["json", "text"],
      default: "json",
      description: "for ligature docs --usage, or for people",
    },
  },
  notes: `Uses in tests are named apart: ligature docs doesn't count them among the callers.

What can't be told from the source (a task's name that is worked out at run time, a task that is passed on) is
listed as unresolved, with the reason.`,
  async run({ arguments: [dir = "."], options: { project, exclude, format } }, terminal) {
    const [{ readUsage }, { usageText }] = await Promise.all([import("./scan/index.ts"), import("./index.ts")]);
    const shown = relative(terminal.cwd, resolve(terminal.cwd, dir)) === "" ? "The current folder" : dir;
    const report = await readUsage({ cwd: terminal.cwd, dir, shown, projects: project, exclude });
    if (format === "json") terminal.out(JSON.stringify(report, undefined, 2));
    else for (const line of usageText(report)) terminal.out(line);
    return 0;
  },
});
