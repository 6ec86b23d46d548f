/** What is wrong with a contract by itself; behind `ligature lint`. */
export { findLint, lint } from "./lint.ts";
export { lintRules, type LintRule, type LintRuleName } from "./rules.ts";
