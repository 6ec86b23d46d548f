import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { defineCommand, UsageError, type Command } from "ligature/cli";

export const asyncapiCommand: Command = defineCommand({
  name: "asyncapi",
  summary: "write contracts as an AsyncAPI document",
  description: "Writes contracts as one AsyncAPI 3.0.0 document: a channel per queue, a message per task, its reply.",
  arguments: [{ name: "folder", description: "contract packages (default: all of the workspace)", many: true }],
  options: {
    out: { type: "text", value: "file", description: "where to (default: standard output)" },
    title: { type: "text", value: "text", description: "the document's title (default: the contracts' names)" },
    version: { type: "text", value: "text", description: "the document's version", default: "1.0.0" },
  },
  async run({ arguments: folders, options: { out, title, version } }, terminal) {
    if (out === "") throw new UsageError("--out needs the name of a file. See ligature asyncapi --help.");
    const [{ asyncApi }, { currentContracts }, { WriteProblem }] = await Promise.all([
      import("./index.ts"),
      import("../manifest/index.ts"),
      import("../write/index.ts"),
    ]);
    const { found: current, code } = await currentContracts(terminal, folders);
    const manifests = current.map(({ manifest }) => manifest);
    const names = manifests.map(({ contract }) => contract).sort();
    const text = JSON.stringify(asyncApi(manifests, { title: title ?? names.join(", "), version }), undefined, 2);
    if (out === undefined) {
      terminal.out(text);
      return code;
    }
    const file = resolve(terminal.cwd, out);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${text}\n`);
    } catch (error) {
      throw new WriteProblem(file, error);
    }
    terminal.out(`${out}  written`);
    return code;
  },
});
