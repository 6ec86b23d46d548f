import { silentLogger } from "ligature";
import { describe, expect, it } from "vitest";
import { Watchers } from "../../../src/dist/backend/index.js";

const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

describe("watchers", () => {
  it.each(orders)("of one id leave in any order: %i, %i, %i", (...order) => {
    const watchers = new Watchers(silentLogger);
    const added = [0, 1, 2].map(() => watchers.add("id", () => {}));
    const other = watchers.add("other", () => {});
    const left = [...added];
    for (const index of order) {
      added[index]?.close();
      left.splice(left.indexOf(added[index]!), 1);
      expect(watchers.of("id")).toEqual(left);
    }
    const again = watchers.add("id", () => {});
    expect(watchers.of("id")).toEqual([again]);
    expect(watchers.of("other")).toEqual([other]);
  });

  it("hear nothing once they are closed, one by one or all", () => {
    const watchers = new Watchers(silentLogger);
    const heard: number[] = [];
    const added = [0, 1, 2].map((index) => watchers.add("id", () => heard.push(index)));
    const result = { task_id: "id", status: "SUCCESS", result: 1, traceback: null, children: [] } as const;
    added[1]?.close();
    for (const watcher of added) watchers.notify(watcher, result);
    expect(heard).toEqual([0, 2]);
    watchers.clear();
    for (const watcher of added) watchers.notify(watcher, result);
    expect(heard).toEqual([0, 2]);
    expect(watchers.of("id")).toEqual([]);
  });
});
