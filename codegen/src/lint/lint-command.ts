import { parseArguments } from "../commands/arguments.ts";
import { UsageError, type Command } from "../commands/command.ts";
import { currentContracts, formatOf, isMisuse, print } from "../findings/judged.ts";

const help = `Usage: ligature lint [folder…] [options]

Looks at contracts for what will hurt later. The rules, with reasons and examples: docs/lint-rules.md.

  --strict           warnings count as errors
  --format <format>  text (default), json, or github for annotations of a workflow

A finding that is meant to be there is allowed in the task, or for all tasks in the contract, with a reason:
  task({ …, allow: { "unbounded-param body": "documents are stored elsewhere and checked there" } })

Exit code 1 when there are errors.`;

export const lintCommand: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseArguments("lint", args, { strict: { type: "boolean" }, format: { type: "string" } });
    const format = formatOf(values.format);
    const { lint } = await import("./index.ts");
    try {
      const current = await currentContracts(terminal.cwd, positionals);
      // What others in the workspace return and which queues they have; what they lack is their own affair.
      const all = positionals.length === 0 ? current : await currentContracts(terminal.cwd, []);
      const report = await lint(current, all, terminal.cwd);
      const subject = `${current.length} contract${current.length === 1 ? "" : "s"}`;
      return await print(report, { format, terminal, strict: values.strict ?? false, subject });
    } catch (error) {
      throw isMisuse(error) ? new UsageError(error.message) : error;
    }
  },
};
