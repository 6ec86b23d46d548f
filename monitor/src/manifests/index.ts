export { readManifests, type Parameter, type TaskManifest } from "./manifests.ts";
