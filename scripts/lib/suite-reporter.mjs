/**
 * A vitest reporter: writes what became of every test, and why one was skipped, as JSON to the file that
 * LIGATURE_REPORT names. (Vitest's own JSON leaves the reasons out.)
 */
import { writeFileSync } from "node:fs";

// Vitest loads a reporter by its default export.
export default class SuiteReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const report = { files: testModules.length, passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const testModule of testModules) {
      // A file that can't be loaded, or whose hooks fail, has failed even if none of its tests did.
      if (testModule.errors().length > 0) report.failed++;
      for (const suite of testModule.children.allSuites()) if (suite.errors().length > 0) report.failed++;
      for (const test of testModule.children.allTests()) count(report, test);
    }
    writeFileSync(process.env["LIGATURE_REPORT"] ?? "report.json", JSON.stringify(report));
  }
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
  return undefined;
}
