/** Result backends: where results go, and how callers learn of them. Three behind one interface. */
export type { ResultAddress, ResultBackend, Watch } from "./backend.ts";
export type { ChordBarrier, Culprit } from "./chord-barrier.ts";
export { backendOpener } from "./open.ts";
export { Watchers } from "./watchers.ts";
export type { BackendOptions } from "./backend.ts";
