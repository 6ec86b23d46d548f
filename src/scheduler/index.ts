/** Schedulers: they send what is due of their schedules, each tick once. Loaded when an app's first one is used. */
import { randomUUID } from "node:crypto";
import type { Broker } from "../broker/index.ts";
import type { Logger } from "../logging/index.ts";
import type { OpenOnce } from "../once/index.ts";
import type { Publisher } from "../outgoing/index.ts";
import type { Store } from "../store/index.ts";
import { BatonKeeper } from "./baton-keeper.ts";
import type { Keeper } from "./keeper.ts";
import { MemoryKeeper, SharedSchedules } from "./memory-keeper.ts";
import { RedisKeeper } from "./redis-keeper.ts";
import { SchedulerObject } from "./scheduler.ts";
import type { Schedules } from "./scheduler-types.ts";
import { Ticks } from "./ticks.ts";

export type { Scheduler, SchedulerOptions, ScheduleStatus, Schedules } from "./scheduler-types.ts";
export type { SchedulerObject } from "./scheduler.ts";

/** @param dependencies.store the app's; without one the schedulers agree by RabbitMQ */
export function createScheduler(
  schedules: Schedules,
  dependencies: {
    readonly name: string;
    readonly broker: Broker;
    readonly publisher: Publisher;
    readonly store: Store | undefined;
    readonly openOnce: OpenOnce;
    readonly defaultQueue: string;
    readonly log: Logger;
    readonly onActive: (active: boolean) => void;
  },
): SchedulerObject {
  const { name, broker, publisher, store, openOnce, defaultQueue, onActive } = dependencies;
  const log = dependencies.log.child({ scheduler: name });
  const ticks = new Ticks({ publisher, defaultQueue, log, openOnce: store === undefined ? undefined : openOnce });
  return new SchedulerObject(schedules, { name, keeper: keeperOf(name, broker, store, log), ticks, log, onActive });
}

function keeperOf(name: string, broker: Broker, store: Store | undefined, log: Logger): Keeper {
  const token = randomUUID();
  if (store === undefined) return new BatonKeeper(broker, name, log);
  if (store.kind === "redis") return new RedisKeeper(store, name, token);
  return new MemoryKeeper(
    store.space(`schedules ${name}`, () => new SharedSchedules()),
    token,
  );
}
