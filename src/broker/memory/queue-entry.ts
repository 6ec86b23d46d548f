import type { Message } from "../../protocol/index.ts";

/** A message in a queue; the same object until it leaves the queue for good. */
export interface QueueEntry {
  readonly message: Message;
  readonly priority: number;
  /** Where it was put; a returned message goes back there. */
  readonly position: number;
  /** How often it was delivered and returned. */
  deliveries: number;
}
