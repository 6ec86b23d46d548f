import type { Keeper, KeeperListener } from "./keeper.ts";
import { emptyState, merged, type Change, type ScheduleState } from "./state.ts";

/** What the schedulers of one name in this process share. */
export class SharedSchedules {
  state: ScheduleState = emptyState;
  readonly taken: Map<string, string> = new Map();
  readonly listeners: Set<KeeperListener> = new Set();
}

/** In this process: a scheduler that has taken a tick sends it, or ends with all the others. */
export class MemoryKeeper implements Keeper {
  readonly #shared: SharedSchedules;
  readonly #token: string;
  #listener: KeeperListener | undefined;

  constructor(shared: SharedSchedules, token: string) {
    this.#shared = shared;
    this.#token = token;
  }

  async start(listener: KeeperListener): Promise<void> {
    this.#listener = listener;
    this.#shared.listeners.add(listener);
  }

  async turn(): Promise<ScheduleState> {
    return this.#shared.state;
  }

  async take(id: string, slot: number): Promise<boolean> {
    const { state, taken } = this.#shared;
    if (slot <= (state.slots[id] ?? Number.NEGATIVE_INFINITY)) return false;
    const holder = taken.get(id);
    if (holder !== undefined && holder !== this.#token) return false;
    taken.set(id, this.#token);
    return true;
  }

  async done(id: string, slot: number, missed: number): Promise<void> {
    if (this.#shared.taken.get(id) === this.#token) this.#shared.taken.delete(id);
    const total = (this.#shared.state.missed[id] ?? 0) + missed;
    this.#merge({ slots: { [id]: slot }, missed: missed === 0 ? {} : { [id]: total }, changes: {} });
  }

  async endTurn(): Promise<void> {}

  async change(id: string, change: Change): Promise<void> {
    this.#merge({ slots: {}, missed: {}, changes: { [id]: change } });
    for (const listener of this.#shared.listeners) listener.wake();
  }

  async read(): Promise<ScheduleState> {
    return this.#shared.state;
  }

  async close(): Promise<void> {
    if (this.#listener !== undefined) this.#shared.listeners.delete(this.#listener);
    for (const [id, holder] of this.#shared.taken) if (holder === this.#token) this.#shared.taken.delete(id);
  }

  #merge(more: ScheduleState): void {
    this.#shared.state = merged(this.#shared.state, more, Date.now());
  }
}
