export { Live, type LiveRun, type LiveWorker } from "./live.ts";
