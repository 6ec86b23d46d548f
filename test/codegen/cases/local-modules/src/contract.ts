import { contract } from "ligature/contract";
import { tasks } from "./tasks.ts";

export * from "./schemas.ts";
export { Hidden as Shown } from "./schemas.ts";

/** Contract, tasks and schemas in modules of their own. */
const modules = contract("modules", { tasks });
export default modules;
