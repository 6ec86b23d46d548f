import { script, type RedisStore, type StoreAnswer, type StoreArgument, type Script } from "../store/index.ts";
import { tickLease, type Keeper } from "./keeper.ts";
import type { Change, ScheduleState } from "./state.ts";

/** KEYS: slots, taken, missed, changes. By Redis's clock, so that those of the processes don't matter. */
const prelude = `local slots, taken, missed, changes = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local clock = redis.call("TIME")
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
`;

/** ARGV: schedule, slot, token. */
const takeScript = script(`${prelude}
local last = tonumber(redis.call("HGET", slots, ARGV[1]) or "-1")
if tonumber(ARGV[2]) <= last then return 0 end
local token, untilMs = string.match(redis.call("HGET", taken, ARGV[1]) or "", "^(%S+) (%d+)$")
if token and token ~= ARGV[3] and tonumber(untilMs) > now then return 0 end
redis.call("HSET", taken, ARGV[1], ARGV[3] .. " " .. string.format("%.0f", now + ${tickLease}))
return 1
`);

/** ARGV: schedule, slot, token, how many more were missed. The last slot only moves forward. */
const doneScript = script(`${prelude}
local last = tonumber(redis.call("HGET", slots, ARGV[1]) or "-1")
if tonumber(ARGV[2]) > last then
  redis.call("HSET", slots, ARGV[1], ARGV[2])
  if ARGV[4] ~= "0" then redis.call("HINCRBY", missed, ARGV[1], ARGV[4]) end
end
local token = string.match(redis.call("HGET", taken, ARGV[1]) or "", "^(%S+) ")
if token == ARGV[3] then redis.call("HDEL", taken, ARGV[1]) end
return 1
`);

/** ARGV: schedule, change, 1 when it is deleted. */
const changeScript = script(`${prelude}
if ARGV[3] == "1" then
  redis.call("HDEL", changes, ARGV[1])
  redis.call("HDEL", slots, ARGV[1])
  redis.call("HDEL", missed, ARGV[1])
else
  redis.call("HSET", changes, ARGV[1], ARGV[2])
end
return 1
`);

const readScript = script(`${prelude}
return { redis.call("HGETALL", slots), redis.call("HGETALL", missed), redis.call("HGETALL", changes) }
`);

/** In Redis: a script moves the last slot of a schedule forward, after its tick was sent; meanwhile one scheduler has the tick. */
export class RedisKeeper implements Keeper {
  readonly #store: RedisStore;
  readonly #keys: readonly string[];
  readonly #token: string;

  constructor(store: RedisStore, name: string, token: string) {
    this.#store = store;
    this.#keys = ["slots", "taken", "missed", "changes"].map((part) => store.key("schedules", name, part));
    this.#token = token;
  }

  async start(): Promise<void> {
    await this.#store.ready();
  }

  turn(): Promise<ScheduleState> {
    return this.read();
  }

  async take(id: string, slot: number): Promise<boolean> {
    return (await this.#run(takeScript, [id, slot, this.#token])) === 1;
  }

  async done(id: string, slot: number, missed: number): Promise<void> {
    await this.#run(doneScript, [id, slot, this.#token, missed]);
  }

  async endTurn(): Promise<void> {}

  async change(id: string, change: Change): Promise<void> {
    await this.#run(changeScript, [id, JSON.stringify(change), change.deleted === true ? 1 : 0]);
  }

  async read(): Promise<ScheduleState> {
    const [slots, missed, changes] = (await this.#run(readScript, [])) as readonly (readonly string[])[];
    return {
      slots: record(slots ?? [], Number),
      missed: record(missed ?? [], Number),
      changes: record(changes ?? [], (json) => JSON.parse(json) as Change),
    };
  }

  async close(): Promise<void> {}

  #run(what: Script, args: readonly StoreArgument[]): Promise<StoreAnswer> {
    return this.#store.run(what, this.#keys, args);
  }
}

function record<T>(pairs: readonly string[], read: (value: string) => T): Record<string, T> {
  const entries: [string, T][] = [];
  for (let at = 0; at + 1 < pairs.length; at += 2) entries.push([pairs[at] as string, read(pairs[at + 1] as string)]);
  return Object.fromEntries(entries);
}
