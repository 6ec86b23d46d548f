/**
 * Contract packages on disk, and which files their contracts are made of. Parses nothing: to see that a contract is
 * unchanged costs milliseconds.
 */
export { contractPackageAt, inDependencyOrder, PackageProblem, relativeTo, type ContractPackage } from "./contract-package.ts";
export { findContractPackages, workspaceAround, workspaceRoot, type WorkspaceLayout } from "./workspace.ts";
export { moduleGraph, resolveLocal, type ModuleGraph } from "./module-graph.ts";
export { findInstalled, packageOf, readPackageJson, readText, upwards } from "./package-json.ts";
