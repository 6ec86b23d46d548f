/** `ligature python`: manifests in, a typed Python package for Celery services out. */
export { ModuleClash, pythonPackage } from "./python-package.ts";
