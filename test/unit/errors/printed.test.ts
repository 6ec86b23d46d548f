import { inspect } from "node:util";
import { LigatureError, TaskError } from "ligature";
import { expect, it } from "vitest";

it("an error that is printed has its message once, and all of its issues", () => {
  const issues = [{ message: "too short", path: ["options", "name", { key: { deep: "here" } }] }];
  const printed = inspect(new LigatureError("INVALID_ARGUMENTS", "t can't be called", { details: { issues } }));
  expect(printed.match(/t can't be called/g)).toHaveLength(1);
  expect(printed).toContain("deep: 'here'");
  expect(printed).not.toContain("[Object]");
});

it("the message without its code is still there to be read", () => {
  expect(new LigatureError("TIMED_OUT", "No result.").rawMessage).toBe("No result.");
  expect(new TaskError({ name: "TypeError", message: "x" }).rawMessage).toBe("x");
});
