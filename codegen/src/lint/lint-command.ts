import { defineCommand, type Command } from "ligature/cli";
import { formats } from "../findings/format.ts";

export const lintCommand: Command = defineCommand({
  name: "lint",
  summary: "look at contracts for what will hurt later",
  description:
    "Looks at contracts for what will hurt later. The rules, with reasons and examples: node_modules/@ligature/codegen/docs/lint-rules.md.",
  arguments: [{ name: "folder", description: "contract packages (default: all of the workspace)", many: true }],
  options: {
    strict: { type: "switch", description: "warnings count as errors" },
    format: {
      type: "text",
      value: "format",
      choices: formats,
      default: "text",
      description: "for people, as JSON, or as annotations of a GitHub workflow",
    },
  },
  notes: `A finding that is meant to be there is allowed in the task, or for all tasks in the contract, with a reason:
  task({ …, allow: { "unbounded-param body": "documents are stored elsewhere and checked there" } })

Exit code 1 when there are errors.`,
  async run({ arguments: folders, options: { strict, format } }, terminal) {
    const [{ lint }, { currentContracts, neighboursOf }, { printReport }] = await Promise.all([
      import("./index.ts"),
      import("../manifest/index.ts"),
      import("../findings/index.ts"),
    ]);
    const { found: current, code } = await currentContracts(terminal, folders);
    // What others in the workspace return and which queues they have; what they lack is their own affair.
    const all = folders.length === 0 ? current : [...current, ...(await neighboursOf(current))];
    const report = await lint(current, all, terminal.cwd);
    const subject = `${current.length} contract${current.length === 1 ? "" : "s"}`;
    return Math.max(code, printReport(report, { format, terminal, strict, subject }));
  },
});
