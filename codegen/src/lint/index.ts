/** What is wrong with a contract by itself; behind `ligature lint`. */
export { findLint, lint } from "./find-lint.ts";
export { lintRules, type LintRule, type LintRuleName } from "./lint-rules.ts";
