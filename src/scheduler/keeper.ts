import type { Change, ScheduleState } from "./state.ts";

/** Milliseconds for which a scheduler has a tick to itself: after that another one sends it, since this one may have been killed. */
export const tickLease = 15_000;

/** What a scheduler hears from its keeper. */
export interface KeeperListener {
  /** Something has changed: look again. */
  wake(): void;
}

/** Keeps what schedulers of one name know together, and says which of them sends a tick. */
export interface Keeper {
  /** Gets ready; resolves when it can be asked. */
  start(listener: KeeperListener): Promise<void>;
  /** The present state; undefined when another scheduler is in charge. */
  turn(): Promise<ScheduleState | undefined>;
  /** Whether this scheduler is to send a tick. */
  take(id: string, slot: number): Promise<boolean>;
  /** A tick was sent, or left out. @param missed how many more were left out before it */
  done(id: string, slot: number, missed: number): Promise<void>;
  /** All that is due has been sent. */
  endTurn(): Promise<void>;
  /** Notes what was done to a schedule. */
  change(id: string, change: Change): Promise<void>;
  /** The state, for people and programs; from whichever process. */
  read(): Promise<ScheduleState>;
  close(): Promise<void>;
}
