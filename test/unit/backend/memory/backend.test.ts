import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StoredResult } from "../../../../src/dist/protocol/index.js";
import { backendBench, resultOf } from "../../../support/backend-bench.ts";

const nowhere = { replyTo: undefined, correlationId: undefined };
const day = 24 * 3600 * 1000;

describe("the memory backend", () => {
  const bench = backendBench({ url: () => "memory://", broker: () => "memory://" });

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function received(): { readonly results: StoredResult[]; readonly onResult: (result: StoredResult) => void } {
    const results: StoredResult[] = [];
    return { results, onResult: (result) => results.push(result) };
  }
  /** Lets everything happen that needs no time. */
  const settle = (): Promise<void> => new Promise((resolve) => process.nextTick(() => queueMicrotask(resolve)));

  it("looks results up by id, so that requests name no reply queue", () => {
    expect(bench.open().backend.replyTo).toBeUndefined();
  });

  it("hands a late watcher the last result, after watch has returned", async () => {
    const { backend } = bench.open();
    await backend.store(resultOf("id", 1, "PROGRESS"), nowhere);
    await backend.store(resultOf("id", 2, "PROGRESS"), nowhere);
    const { results, onResult } = received();
    backend.watch("id", onResult);
    expect(results).toEqual([]);
    await settle();
    expect(results.map(({ result }) => result)).toEqual([2]);
  });

  it("hands a watcher each result once, in order, when watching and storing meet", async () => {
    const { backend } = bench.open();
    const { results, onResult } = received();
    const storing = backend.store(resultOf("id", 1, "PROGRESS"), nowhere);
    backend.watch("id", onResult);
    await Promise.all([
      storing,
      backend.store(resultOf("id", 2, "PROGRESS"), nowhere),
      backend.store(resultOf("id", 3), nowhere),
    ]);
    await settle();
    expect(results.map(({ result }) => result)).toEqual([1, 2, 3]);
  });

  it("hands nothing to a watch that was closed at once", async () => {
    const { backend } = bench.open();
    await backend.store(resultOf("id", 1), nowhere);
    const { results, onResult } = received();
    backend.watch("id", onResult).close();
    await settle();
    expect(results).toEqual([]);
  });

  it("forgets a result after resultExpires, on one timer for all", async () => {
    const { backend } = bench.open({ resultExpires: 1000 });
    for (let count = 0; count < 10; count += 1) await backend.store(resultOf(`id-${count}`, 1), nowhere);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(999);
    await backend.store(resultOf("id-1", 2), nowhere);
    vi.advanceTimersByTime(1);
    const { results, onResult } = received();
    for (let count = 0; count < 10; count += 1) backend.watch(`id-${count}`, onResult);
    await settle();
    expect(results.map(({ task_id, result }) => [task_id, result])).toEqual([["id-1", 2]]);
    vi.advanceTimersByTime(998);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps a result for longer than a timer of Node holds", async () => {
    const { backend } = bench.open({ resultExpires: 180 * day });
    await backend.store(resultOf("id", 1), nowhere);
    const { results, onResult } = received();
    vi.advanceTimersByTime(180 * day - 1);
    backend.watch("id", onResult);
    await settle();
    vi.advanceTimersByTime(1);
    backend.watch("id", onResult);
    await settle();
    expect(results).toHaveLength(1);
  });

  it("doesn't hand out what has expired behind something that hasn't", async () => {
    const [long, short] = [bench.open({ resultExpires: day }).backend, bench.open({ resultExpires: 1000 }).backend];
    await long.store(resultOf("long", 1), nowhere);
    await short.store(resultOf("short", 1), nowhere);
    vi.advanceTimersByTime(1000);
    const { results, onResult } = received();
    short.watch("short", onResult);
    short.watch("long", onResult);
    await settle();
    expect(results.map(({ task_id }) => task_id)).toEqual(["long"]);
  });

  it("keeps 100,000 results at most, and drops the one that was stored longest ago", async () => {
    const { backend } = bench.open();
    const store = (id: number): void => void backend.store(resultOf(String(id), id), nowhere);
    for (let id = 0; id < 100_000; id += 1) store(id);
    store(0);
    store(100_000);
    const { results, onResult } = received();
    for (const id of ["0", "1", "2", "100000"]) backend.watch(id, onResult);
    await settle();
    expect(results.map(({ result }) => result)).toEqual([0, 2, 100_000]);
  });

  it("shares results among apps with one URL until the last is closed", async () => {
    const [one, two] = [bench.open().backend, bench.open().backend];
    const { results, onResult } = received();
    two.watch("id", onResult);
    await one.store(resultOf("id", 1), nowhere);
    await one.close();
    two.watch("id", onResult);
    await settle();
    expect(results.map(({ result }) => result)).toEqual([1, 1]);
    await two.close();
    expect(vi.getTimerCount()).toBe(0);
    bench.open().backend.watch("id", onResult);
    await settle();
    expect(results).toHaveLength(2);
  });
});
