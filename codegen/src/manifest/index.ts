/** `contract.json`: how it is written, found and read. Every tool that judges or prints contracts starts here. */
export { currentContracts, neighboursOf, type Current } from "./current.ts";
export { findManifests } from "./find-manifests.ts";
export {
  inFirstForm,
  ManifestProblem,
  parseManifest,
  saysAll,
  type Manifest,
  type ManifestParam,
  type ManifestTask,
} from "./manifest.ts";
