import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChecks } from "./checks.mjs";
import { capture, cleanEnvironment, root, showWithin, UserError } from "./processes.mjs";

/**
 * Runs one suite, its output shown, and resolves with what to put into the table. Nothing is skipped in
 * silence: a suite without a test, and a test skipped without a reason, are failures. So is a suite that
 * doesn't end: it is killed after `limit` milliseconds, and the others still run. `quietly`: its output is returned, not shown.
 * @param {import("./suites.mjs").Suite} suite
 */
export async function runSuite({ name, projects = [name] }, { environment, vitestArgs, limit, quietly = false }) {
  const started = performance.now();
  const report =
    name === "check" ? await check(limit) : await vitest(name, projects, { environment, vitestArgs, limit, quietly });
  return { name, ...report, seconds: (performance.now() - started) / 1000 };
}

/** A suite that can't run on this machine, which the table says. It has failed, unless it is one that few machines can run. */
export function notRun(name, reasons, hasFailed) {
  const problems = reasons.map((reason) => `${name}: not run: ${reason}`);
  for (const problem of problems) console.log(problem);
  return { name, files: 0, passed: 0, failed: hasFailed ? 1 : 0, skipped: 0, problems, seconds: 0 };
}

/** Several times what the slowest suite takes on two busy cores. */
const defaultLimit = 1200;

/** How long a suite may take, in milliseconds: LIGATURE_SUITE_TIMEOUT, in seconds. */
export function suiteLimit() {
  const value = process.env["LIGATURE_SUITE_TIMEOUT"];
  if (value === undefined || value === "") return defaultLimit * 1000;
  const seconds = Number(value);
  // More than setTimeout can wait for would be no time at all.
  if (!(seconds > 0 && seconds < 1_000_000)) {
    throw new UserError(`LIGATURE_SUITE_TIMEOUT must be seconds, more than 0 and less than 1000000, got "${value}".`);
  }
  return seconds * 1000;
}

async function check(limit) {
  const { passed, failed, hung } = await runChecks({ stopAtFirst: false, limit });
  const problems = hung === undefined ? [] : [`${killedLine("check", limit)} Its step that didn't end: ${hung}.`];
  return { files: undefined, passed, failed, skipped: 0, problems };
}

function killedLine(name, limit) {
  return `${name}: didn't end within ${limit / 1000} s (LIGATURE_SUITE_TIMEOUT) and was killed.`;
}

async function vitest(name, projects, { environment, vitestArgs, limit, quietly }) {
  const folder = mkdtempSync(join(tmpdir(), "ligature-report-"));
  const file = join(folder, "report.json");
  try {
    const reporters = ["--reporter", "default", "--reporter", join(root, "scripts", "lib", "suite-reporter.mjs")];
    const program = join(root, "test", "node_modules", "vitest", "vitest.mjs");
    const args = [program, "run", ...projects.flatMap((project) => ["--project", project]), ...reporters, ...vitestArgs];
    const options = { cwd: join(root, "test"), env: cleanEnvironment({ ...environment, LIGATURE_REPORT: file }) };
    const { code, timedOut, output } = quietly
      ? await capture(process.execPath, args, { ...options, limit })
      : await showWithin(limit, process.execPath, args, options);
    const report = read(file);
    return { ...(timedOut ? killed(name, report, limit) : judge(name, code, report, vitestArgs.length > 0)), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is known of a suite that didn't end: the reporter writes down which files have begun and which have ended. */
function killed(name, report, limit) {
  const { files = 0, passed = 0, failed = 0, running = [] } = report ?? {};
  const where = running.length === 0 ? "No test file was running." : `Still running: ${running.join(", ")}.`;
  return { files, passed, failed: failed + 1, skipped: 0, problems: [`${killedLine(name, limit)} ${where}`] };
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
