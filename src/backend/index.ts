/** Result backends: where results go, and how callers learn of them. Two behind one interface. */
export type { ResultAddress, ResultBackend, Watch } from "./backend.ts";
export { openBackend } from "./open.ts";
export type { BackendOptions } from "./options.ts";
