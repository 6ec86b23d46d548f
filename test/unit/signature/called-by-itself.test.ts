import { lab } from "@ligature/lab";
import { legacy } from "@ligature/legacy";
import { map } from "ligature";
import { expect, it } from "vitest";

it("a contract's task that is called by itself, past the compiler, says how it is called", () => {
  const add = lab.add as unknown as (...args: readonly number[]) => unknown;
  expect(() => add(1, 2)).toThrow(
    "lab.add can't be called by itself, since a contract has no connection: call app.remote(lab).add(…), or build a signature with lab.add.si(…).",
  );
});

it("and is still a task wherever one is wanted", () => {
  expect(lab.add.taskName).toBe("lab.add");
  expect(() => map(lab.double, [1, 2])).not.toThrow();
});

it("a classic error callback of a Python task is refused with the way out", () => {
  const callback = legacy.fail.s() as never;
  expect(() => lab.add.si(1, 2).linkError(callback)).toThrow(/Build it with \.si\(\.\.\.\)\. Celery's classic error callbacks/);
});
