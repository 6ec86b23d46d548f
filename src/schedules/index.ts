/** `ligature/schedules`: signatures that are sent over and over, and when. What sends them is `app.scheduler()`. */
export { celeryBeat, type CeleryBeatEntry, type CeleryCrontab } from "./celery-beat.ts";
export { compileTiming, schedule } from "./schedule.ts";
export type { Schedule, ScheduleOptions, TimingSpec } from "./schedule-types.ts";
export { dueTicks, sendAt, timetableOf, type DueTicks, type Timetable } from "./timetable.ts";
