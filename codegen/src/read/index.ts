/**
 * Reading: from files on disk to a contract model. The only folder that knows ts-morph, tsx and zod, and it
 * loads them when a contract has to be read, not before: an unchanged contract costs milliseconds.
 */
export { contractPackageAt, inDependencyOrder, PackageProblem, type ContractPackage } from "./contract-package.ts";
export { findContractPackages, workspaceAround, workspaceRoot, type WorkspaceLayout } from "./workspace.ts";
export { moduleGraph, type ModuleGraph } from "./module-graph.ts";
export { findInstalled, readText } from "./package-json.ts";
