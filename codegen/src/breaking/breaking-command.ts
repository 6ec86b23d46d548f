import { parseArguments } from "../commands/arguments.ts";
import { UsageError, type Command } from "../commands/command.ts";
import { currentContracts, formatOf, isMisuse, print } from "../findings/judged.ts";

const help = `Usage: ligature breaking [folder…] --against <older> [options]

Compares contracts with an older version of them and says what breaks: SOURCE, code of others stops compiling;
WIRE, running programs or messages under way break. The rules, with examples: docs/breaking-rules.md.

  --against <older>  a git ref (main, v1.2.0, HEAD~1), a file or folder, or a published package (name@1.2.0)
  --category <name>  only SOURCE or only WIRE
  --format <format>  text (default), json, or github for annotations of a workflow

A finding that is meant to be there is allowed in the contract, with a reason:
  task({ …, allow: { "param-removed": "nobody has passed it since May" } })

Exit code 1 when something is found that isn't allowed.`;

export const breakingCommand: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseArguments("breaking", args, {
      against: { type: "string" },
      category: { type: "string" },
      format: { type: "string" },
    });
    const { against, category } = values;
    const format = formatOf(values.format);
    if (against === undefined || against === "") {
      throw new UsageError("say what to compare with: ligature breaking --against main. See ligature breaking --help.");
    }
    if (category !== undefined && category !== "SOURCE" && category !== "WIRE") {
      throw new UsageError(`--category must be SOURCE or WIRE, got "${category}".`);
    }
    const { findBreaking, openBaseline } = await import("./index.ts");
    const { workspaceRoot } = await import("../workspace/index.ts");
    try {
      const current = await currentContracts(terminal.cwd, positionals);
      const baseline = await openBaseline(against, {
        cwd: terminal.cwd,
        workspace: await workspaceRoot(terminal.cwd),
        packages: current.map(({ contract }) => contract),
      });
      const report = await findBreaking(current, baseline, { cwd: terminal.cwd, all: positionals.length === 0 });
      const findings = report.findings.filter(({ categories }) => category === undefined || categories.includes(category));
      return await print({ ...report, findings }, { format, terminal, strict: false, subject: `against ${baseline.name}` });
    } catch (error) {
      throw isMisuse(error) ? new UsageError(error.message) : error;
    }
  },
};
