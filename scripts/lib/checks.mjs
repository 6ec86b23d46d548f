import { join } from "node:path";
import { capture, root } from "./processes.mjs";

const bin = (name) => join(root, "node_modules", ".bin", name);

/** What `npm run check` looks at, in this order, and what to do when it finds something. */
const checks = [
  { name: "format", command: [bin("oxfmt"), "--check"], fix: "npm run format" },
  { name: "lint", command: [bin("oxlint"), "--deny-warnings"], fix: "npm run lint -- --fix mends some; the rest is by hand" },
  { name: "types", command: [bin("tsc"), "-b", "--pretty", "false"], fix: "by hand" },
  { name: "types of the scripts", command: [bin("tsc"), "-p", "scripts", "--pretty", "false"], fix: "by hand" },
  {
    name: "generated code",
    command: [process.execPath, join(root, "src", "dist", "cli", "main.js"), "gen", "--check"],
    fix: "npm run gen",
  },
  { name: "unused code", command: [bin("knip")], fix: "remove what is unused, or name it in knip.jsonc with a reason" },
];

/**
 * Runs them, one line each, and the output of those that fail.
 * `limit` is the time in milliseconds that all of them may take; `hung` names the one that took what was left of it.
 */
export async function runChecks({ stopAtFirst, limit }) {
  let passed = 0;
  let failed = 0;
  let hung;
  const end = limit === undefined ? undefined : performance.now() + limit;
  for (const { name, command, fix } of checks) {
    const started = performance.now();
    const left = end === undefined ? undefined : Math.max(0, end - performance.now());
    const { code, output, timedOut } = await capture(command[0], command.slice(1), { limit: left });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (code === 0) {
      passed++;
      console.log(` ✓ ${name} ${seconds} s`);
      continue;
    }
    failed++;
    console.log(` ✗ ${name} ${seconds} s\n\n${output.trim()}\n\n   To fix: ${fix}\n`);
    if (timedOut) hung = name;
    if (timedOut || stopAtFirst) break;
  }
  return { passed, failed, hung };
}
