/**
 * A vitest reporter: writes what became of every test, and why one was skipped, as JSON to the file that
 * LIGATURE_REPORT names. (Vitest's own JSON leaves the reasons out.) What is known so far is written whenever a
 * file begins or ends, for suites that never do.
 */
import { writeFileSync } from "node:fs";
import { relative } from "node:path";

// Vitest loads a reporter by its default export.
export default class SuiteReporter {
  #running = new Set();
  #ended = [];

  onTestModuleStart(testModule) {
    this.#running.add(testModule);
    this.#write(this.#ended);
  }

  onTestModuleEnd(testModule) {
    this.#running.delete(testModule);
    this.#ended.push(testModule);
    this.#write(this.#ended);
  }

  onTestRunEnd(testModules, unhandledErrors) {
    this.#running.clear();
    this.#write(testModules, unhandledErrors.length);
  }

  #write(testModules, failed = 0) {
    const report = { files: testModules.length, passed: 0, failed, skipped: [], running: namesOf(this.#running) };
    for (const testModule of testModules) {
      // A file that can't be loaded, or whose hooks fail, has failed even if none of its tests did.
      if (testModule.errors().length > 0) report.failed++;
      for (const suite of testModule.children.allSuites()) if (suite.errors().length > 0) report.failed++;
      for (const test of testModule.children.allTests()) count(report, test);
    }
    writeFileSync(process.env["LIGATURE_REPORT"] ?? "report.json", JSON.stringify(report));
  }
}

function namesOf(testModules) {
  return [...testModules].map(({ moduleId }) => relative(process.cwd(), moduleId).replaceAll("\\", "/")).sort();
}

function count(report, test) {
  const result = test.result();
  if (result.state === "passed") report.passed++;
  else if (result.state === "skipped") report.skipped.push({ name: test.fullName, reason: result.note ?? brokenHook(test) });
  else report.failed++;
}

function brokenHook(test) {
  for (let suite = test.parent; suite.type === "suite"; suite = suite.parent) {
    if (suite.errors().length > 0) return "a hook of its suite failed";
  }
  return test.module.errors().length > 0 ? "a hook of its file failed" : undefined;
}
