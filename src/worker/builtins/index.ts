/** Celery's own tasks, which every worker has beside those of its contract. */
export { builtinTask } from "./builtin-task.ts";
