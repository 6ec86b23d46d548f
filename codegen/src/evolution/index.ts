/** What a change of a contract breaks; behind `ligature breaking`. */
export { BaselineProblem, openBaseline } from "./against/index.ts";
export { breakingChanges, findBreaking } from "./breaking.ts";
export type { Versions } from "./callbacks.ts";
export { rules, type Category, type Rule, type RuleName } from "./rules.ts";
