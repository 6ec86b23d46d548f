import { expect, test } from "vitest";
import { failureReason } from "../../examples/dist/catalog/failure-reason.js";

const request = { id: "1", task: "processing.processFile", args: ["a.csv"], retries: 0 };

test("a wrong format is told with its line", () => {
  const error = { name: "WrongFormat", message: "WrongFormat {…}", data: { line: 812, reason: "expected 6 cells, found 5" } };
  expect(failureReason({ request, error })).toBe("line 812: expected 6 cells, found 5");
});

test("any other error speaks for itself", () => {
  const error = { name: "Error", message: "ENOENT: no such file or directory, stat 'a.csv'" };
  expect(failureReason({ request, error })).toBe("Error: ENOENT: no such file or directory, stat 'a.csv'");
});

test("data that isn't what the contract says is not believed", () => {
  const error = { name: "WrongFormat", message: "from an old worker", data: { row: 812 } };
  expect(failureReason({ request, error })).toBe("WrongFormat: from an old worker");
});

test("no failure at all, from a worker that can't send one", () => {
  expect(failureReason(undefined)).toBe("processing failed");
});
