import { consoleLogger } from "ligature";
import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.restoreAllMocks();
});

function written(write: () => void): string {
  const texts: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => texts.push(String(text)) > 0);
  write();
  return texts.join("");
}

it("prints an error's stack below the line, indented, and that of its cause", () => {
  const error = new Error("the card was declined", { cause: new TypeError("no network") });
  const [line, ...stack] = written(() => consoleLogger().error({ task: "billing.charge", error }, "task failed"))
    .trimEnd()
    .split("\n");
  expect(line).toMatch(/ ERROR task failed task=billing\.charge error="the card was declined"$/);
  expect(stack.every((each) => each.startsWith("    "))).toBe(true);
  expect(stack.join("\n")).toContain("console-logger.test.ts");
  expect(stack.join("\n")).toContain("caused by TypeError: no network");
});

it("prints a line for a message without an error, and none below its level", () => {
  expect(written(() => consoleLogger("info").info({ concurrency: 16 }, "worker is ready"))).toMatch(
    /^\S+ INFO {2}worker is ready concurrency=16\n$/,
  );
  expect(written(() => consoleLogger("info").debug({}, "task started"))).toBe("");
});
