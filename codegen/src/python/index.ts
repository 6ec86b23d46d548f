/** `ligature python`: manifests in, a typed Python package for Celery services out. */
export { findManifests } from "./find-manifests.ts";
export { ModuleClash, pythonPackage } from "./python-package.ts";
