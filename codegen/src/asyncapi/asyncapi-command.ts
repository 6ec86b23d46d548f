import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArguments } from "../commands/arguments.ts";
import { UsageError, type Command } from "../commands/command.ts";
import { currentContracts, isMisuse } from "../findings/judged.ts";

const help = `Usage: ligature asyncapi [folder…] [options]

Writes contracts as one AsyncAPI 3.0.0 document: a channel per queue, a message per task, its reply.

  --out <file>       where to (default: standard output)
  --title <text>     the document's title (default: the contracts' names)
  --version <text>   the document's version (default: 1.0.0)`;

export const asyncapiCommand: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseArguments("asyncapi", args, {
      out: { type: "string" },
      title: { type: "string" },
      version: { type: "string" },
    });
    const { out, version = "1.0.0" } = values;
    if (out === "") throw new UsageError("--out needs the name of a file. See ligature asyncapi --help.");
    const { asyncApi } = await import("./index.ts");
    let text: string;
    try {
      const manifests = (await currentContracts(terminal.cwd, positionals)).map(({ manifest }) => manifest);
      const names = manifests.map(({ contract }) => contract).sort();
      text = JSON.stringify(asyncApi(manifests, { title: values.title ?? names.join(", "), version }), undefined, 2);
    } catch (error) {
      throw isMisuse(error) ? new UsageError(error.message) : error;
    }
    if (out === undefined) {
      terminal.out(text);
      return 0;
    }
    const file = resolve(terminal.cwd, out);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${text}\n`);
    } catch (error) {
      throw new UsageError(`${out} can't be written: ${(error as Error).message}.`);
    }
    terminal.out(`${out}  written`);
    return 0;
  },
};
