import { LigatureError } from "../errors/index.ts";

/** @param queue the contract's, whose entry refuses */
export function queueFull(queue: string, maxLength: number): LigatureError {
  return new LigatureError(
    "QUEUE_FULL",
    `Queue "${queue}" takes no more: ${maxLength} requests wait, as many as its contract allows (maxLength). Nothing was sent; send it again later.`,
    { details: { queue, maxLength } },
  );
}
