/** What `ligature breaking` and `ligature lint` have in common: manifests in, findings out. */
export { applyAllowed, ruleOf, type UnusedAllowance } from "./allowed.ts";
export { currentOf, inSourceOrder, type Current } from "./current.ts";
export { placeOf, type Finding, type SourcePlace, type Spot } from "./finding.ts";
export { formatReport, formats, type Format, type Report } from "./format.ts";
export {
  inFirstForm,
  ManifestProblem,
  parseManifest,
  saysAll,
  type Manifest,
  type ManifestParam,
  type ManifestTask,
} from "./manifest.ts";
