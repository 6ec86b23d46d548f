import { capture } from "./processes.mjs";

export const pnpmVersion = "12.21.0";

/** How to call pnpm: the machine's own if it is of the right version, else npx fetches it. */
export async function findPnpm() {
  const installed = await capture("pnpm", ["--version"]);
  if (installed.code === 0 && installed.output.trim() === pnpmVersion) return { command: "pnpm", args: [], how: "" };
  return { command: "npx", args: ["-y", `pnpm@${pnpmVersion}`], how: ", by npx" };
}
