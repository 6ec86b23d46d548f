import { join } from "node:path";
import type { GeneratedFile } from "./disk.ts";
import { readText } from "../workspace/index.ts";

/** Longer differences are cut: whoever reads them only wants to know what kind of change it is. */
const longest = 40;

/** How the files on disk differ from what they should be: a unified diff, cut to its first lines. */
export async function differences(dir: string, changed: readonly GeneratedFile[], stale: readonly string[]): Promise<string> {
  const { createTwoFilesPatch } = await import("diff");
  const lines = changed.flatMap(({ path, text }) => {
    const current = readText(join(dir, path));
    if (current === undefined) return [`${path} is missing`];
    if (path.endsWith(".map")) return [`${path} differs`];
    const patch = createTwoFilesPatch(path, path, current.replaceAll("\r\n", "\n"), text, "on disk", "generated", { context: 1 });
    return patch
      .split("\n")
      .slice(1)
      .filter((line) => line !== "");
  });
  lines.push(...stale.map((path) => `${path} should not be there any more`));
  if (lines.length <= longest) return lines.join("\n");
  return [...lines.slice(0, longest), `… and ${lines.length - longest} more lines`].join("\n");
}
