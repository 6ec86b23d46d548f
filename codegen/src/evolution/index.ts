/** What a change of a contract breaks; behind `ligature breaking`. */
export { BaselineProblem, openBaseline } from "./against/index.ts";
export { findBreaking } from "./breaking.ts";
export { compareContracts } from "./compare-contracts.ts";
export { rules, type Category, type Rule, type RuleName } from "./rules.ts";
