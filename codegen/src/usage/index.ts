/** `ligature usage`: which tasks a repository calls, links and handles. `scan/` reads the source. */
export {
  parseUsage,
  UsageProblem,
  type Link,
  type LinkKind,
  type Unresolved,
  type UsagePlace,
  type UsageReport,
  type Use,
  type UseKind,
} from "./report.ts";
export { byPlace, usageText } from "./usage-text.ts";
