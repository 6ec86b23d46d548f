/** Where the older manifests come from: git, files, npm. */
export { BaselineProblem, type Baseline } from "./baseline.ts";
export { openBaseline, type BaselineOptions } from "./open-baseline.ts";
