export { celeryQueue, type CeleryQueueOptions } from "./celery-queue.ts";
export { taskEventTypes, type MonitorEvent, type Oddity, type TaskEvent, type TaskEventType, type WorkerEvent } from "./event.ts";
export { readEvent, type ReadEvent, type Window } from "./read-event.ts";
export type { EventSource, SourceListener } from "./source.ts";
export { jsonOf, textOf } from "./text.ts";
