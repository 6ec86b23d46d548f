import { defineCommand, UsageError, type Command } from "ligature/cli";
import { formats } from "../findings/format.ts";

export const breakingCommand: Command = defineCommand({
  name: "breaking",
  summary: "say what a change of a contract breaks, against an older version of it",
  description: `Compares contracts with an older version of them and says what breaks: SOURCE, code of others stops compiling;
WIRE, running programs or messages under way break. The rules, with examples: node_modules/@ligature/codegen/docs/breaking-rules.md.`,
  arguments: [{ name: "folder", description: "contract packages (default: all of the workspace)", many: true }],
  options: {
    against: {
      type: "text",
      value: "older",
      description: "a git ref (main, v1.2.0, HEAD~1), a file or folder, or a published package (name@1.2.0)",
    },
    category: { type: "text", value: "name", choices: ["SOURCE", "WIRE"], description: "only what breaks these" },
    format: {
      type: "text",
      value: "format",
      choices: formats,
      default: "text",
      description: "for people, as JSON, or as annotations of a GitHub workflow",
    },
  },
  notes: `A finding that is meant to be there is allowed in the contract, with a reason:
  task({ …, allow: { "param-removed": "nobody has passed it since May" } })

Exit code 1 when something is found that isn't allowed.`,
  async run({ arguments: folders, options: { against, category, format } }, terminal) {
    if (against === undefined || against === "") {
      throw new UsageError("say what to compare with: ligature breaking --against main. See ligature breaking --help.");
    }
    const [{ findBreaking, openBaseline }, { currentContracts }, { printReport }, { workspaceRoot }] = await Promise.all([
      import("./index.ts"),
      import("../manifest/index.ts"),
      import("../findings/index.ts"),
      import("../workspace/index.ts"),
    ]);
    const { found: current, leftOut, code } = await currentContracts(terminal, folders);
    const baseline = await openBaseline(against, {
      cwd: terminal.cwd,
      workspace: await workspaceRoot(terminal.cwd),
      packages: current.map(({ contract }) => contract),
    });
    // Of what was left out nobody can say that it is gone.
    const all = folders.length === 0 && leftOut === 0;
    const report = await findBreaking(current, baseline, { cwd: terminal.cwd, all });
    const findings = report.findings.filter(({ categories }) => category === undefined || categories.includes(category));
    const subject = `against ${baseline.name}`;
    return Math.max(code, printReport({ ...report, findings }, { format, terminal, strict: false, subject }));
  },
});
