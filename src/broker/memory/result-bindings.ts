/** Which queues get a copy of a kept result, by the key it is published with. */
export class ResultBindings {
  readonly #byKey = new Map<string, Set<string>>();
  readonly #byQueue = new Map<string, Set<string>>();

  add(key: string, queue: string): void {
    setAt(this.#byKey, key).add(queue);
    setAt(this.#byQueue, queue).add(key);
  }

  remove(key: string, queue: string): void {
    removeAt(this.#byKey, key, queue);
    removeAt(this.#byQueue, queue, key);
  }

  forgetQueue(queue: string): void {
    for (const key of this.#byQueue.get(queue) ?? []) removeAt(this.#byKey, key, queue);
    this.#byQueue.delete(queue);
  }

  queuesOf(key: string): readonly string[] {
    return [...(this.#byKey.get(key) ?? [])];
  }

  clear(): void {
    this.#byKey.clear();
    this.#byQueue.clear();
  }
}

function setAt(map: Map<string, Set<string>>, key: string): Set<string> {
  let found = map.get(key);
  if (found === undefined) {
    found = new Set();
    map.set(key, found);
  }
  return found;
}

function removeAt(map: Map<string, Set<string>>, key: string, value: string): void {
  const found = map.get(key);
  found?.delete(value);
  if (found?.size === 0) map.delete(key);
}
