import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChecks } from "./checks.mjs";
import { cleanEnvironment, root, show } from "./processes.mjs";

/**
 * Runs one suite, its output shown, and resolves with what to put into the table. Nothing is skipped in
 * silence: a suite without a test, and a test skipped without a reason, are failures.
 */
export async function runSuite(name, { environment, vitestArgs }) {
  const started = performance.now();
  const report = name === "check" ? await check() : await vitest(name, environment, vitestArgs);
  return { name, ...report, seconds: (performance.now() - started) / 1000 };
}

async function check() {
  const { passed, failed } = await runChecks({ stopAtFirst: false });
  return { files: undefined, passed, failed, skipped: 0, problems: [] };
}

async function vitest(name, environment, vitestArgs) {
  const folder = mkdtempSync(join(tmpdir(), "ligature-report-"));
  const file = join(folder, "report.json");
  try {
    const reporters = ["--reporter", "default", "--reporter", join(root, "scripts", "lib", "suite-reporter.mjs")];
    const program = join(root, "test", "node_modules", "vitest", "vitest.mjs");
    const code = await show(process.execPath, [program, "run", "--project", name, ...reporters, ...vitestArgs], {
      cwd: join(root, "test"),
      env: cleanEnvironment({ ...environment, LIGATURE_REPORT: file }),
    });
    return judge(name, code, read(file), vitestArgs.length > 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a user filters out by an option of vitest's is "skipped" too, and needs no reason. */
function judge(name, code, report, filtered) {
  const { files, passed, skipped } = report ?? { files: 0, passed: 0, skipped: [] };
  let failed = report?.failed ?? 0;
  const problems = [];
  const unexplained = filtered ? [] : skipped.filter((test) => !test.reason);
  for (const test of unexplained) problems.push(`${name}: "${test.name}" is skipped without a reason: context.skip("why")`);
  failed += unexplained.length;
  if (passed + failed === 0) {
    problems.push(`${name}: no test ran`);
    failed++;
  } else if (code !== 0 && failed === 0) {
    problems.push(`${name}: vitest ended with exit code ${code}`);
    failed++;
  }
  return { files, passed, failed, skipped: skipped.length - unexplained.length, problems };
}

/** The folders of test/ that hold tests. */
export function foldersWithTests() {
  const test = join(root, "test");
  const folders = readdirSync(test, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== "node_modules",
  );
  return folders.map((entry) => entry.name).filter((name) => testFiles(join(test, name)).length > 0);
}

function testFiles(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".test.ts") && !file.includes("node_modules"));
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
