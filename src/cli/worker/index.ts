/** `ligature worker`: runs the workers that a module exports. */
export { workerCommand } from "./worker-command.ts";
