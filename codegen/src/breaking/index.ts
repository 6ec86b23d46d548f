/** What a change of a contract breaks; behind `ligature breaking`. */
export { BaselineProblem, openBaseline } from "./against/index.ts";
export { breakingChanges, findBreaking } from "./find-breaking.ts";
export type { Versions } from "./compare-callbacks.ts";
export { rules, type Category, type Rule, type RuleName } from "./breaking-rules.ts";
