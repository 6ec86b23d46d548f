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

it("prints a line for a message without an error, and none below its level", () => {
  expect(written(() => consoleLogger("info").info({ concurrency: 16 }, "worker is ready"))).toMatch(
    /^\S+ INFO {2}worker is ready concurrency=16\n$/,
  );
  expect(written(() => consoleLogger("info").debug({}, "task started"))).toBe("");
});
