import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

/** `tsc` of the TypeScript that the workspace uses. */
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

/** The workspace's folder as it appears in texts, which may go on to name a package. */
const root = `${join(import.meta.dirname, "..", "..")}/`;

/**
 * Compiles a folder's project once. Resolves with what the compiler said, by file, relative to the folder; the
 * path of this machine is left out of the texts. What belongs to no file is under "".
 */
export async function compile(folder: string): Promise<ReadonlyMap<string, string>> {
  // With one checker, texts can't depend on which file another checker was at.
  const args = [tsc, "-p", folder, "--pretty", "false", "--checkers", "1"];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const output = await text(child.stdout);
  const diagnostics = new Map<string, string>();
  let file = "";
  for (const line of output.split("\n")) {
    if (line === "") continue;
    const start = /^(.+?)\(\d+,\d+\): error /.exec(line);
    // Lines that go into detail are indented.
    if (!line.startsWith(" ")) file = start?.[1] ?? "";
    diagnostics.set(file, `${diagnostics.get(file) ?? ""}${line.replaceAll(root, "")}\n`);
  }
  return diagnostics;
}
