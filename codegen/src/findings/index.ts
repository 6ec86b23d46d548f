/** What `ligature breaking` and `ligature lint` have in common: what they found in contracts, what is allowed, how it is said. */
export { applyAllowed, ruleOf, type UnusedAllowance } from "./allowed.ts";
export { placeOf, type Finding, type SourcePlace, type Spot } from "./finding.ts";
export { formatReport, formats, type Format, type Report } from "./format.ts";
export { inSourceOrder } from "./locate.ts";
export { printReport } from "./print-report.ts";
