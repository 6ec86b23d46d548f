export { flow, maxRuns, type Flow, type FlowEvent } from "./flow.ts";
export { failureGroups, losses, throughput, type FailureGroup, type Losses, type MinuteCount } from "./now.ts";
export { oneRun, openRuns, type OneRun, type RunDetails, type RunEvent } from "./one-run.ts";
export { queueFacts, waitingCounted, type QueueFacts } from "./queues.ts";
export { runColumns, type Run } from "./run.ts";
export { countMatches, pageSize, search, type Filter, type Found } from "./search.ts";
export { statesAt, type StateAt } from "./states-at.ts";
export { taskFacts, times, type TaskFacts, type Times } from "./tasks.ts";
