import type { Packed } from "../values/index.ts";

/**
 * Data of declared errors as it came. An error's data travels as the schema's input, and its receiver parses it;
 * when that one throws the error on, the next has to parse the same input again, not what came of it.
 */
const received = new WeakMap<object, Packed>();

export function keepReceivedData(error: object, data: Packed): void {
  received.set(error, data);
}

export function receivedData(error: object): Packed | undefined {
  return received.get(error);
}
