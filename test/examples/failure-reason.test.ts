import { processing } from "@example/processing";
import { ChordError, TaskError, type Failure } from "ligature";
import { describe, expect, test } from "vitest";
import { failureReason } from "../../examples/dist/catalog/failure-reason.js";
import type { StoredFile } from "../../examples/dist/catalog/files.js";
import { importFailureReason } from "../../examples/dist/catalog/import-failure-reason.js";

const request = { id: "1", task: "processing.processFile", args: ["a.csv"], retries: 0 };

test("a wrong format is told with its line", () => {
  const error = new processing.errors.WrongFormat({ line: 812, reason: "expected 6 cells, found 5" });
  expect(failureReason({ request, error })).toBe("line 812: expected 6 cells, found 5");
});

test("any other error speaks for itself", () => {
  const error = new TaskError({ name: "Error", message: "ENOENT: no such file or directory, stat 'a.csv'" });
  expect(failureReason({ request, error })).toBe("Error: ENOENT: no such file or directory, stat 'a.csv'");
});

test("data that isn't what the contract says is not believed", () => {
  const error = new TaskError({ name: "WrongFormat", message: "from an old worker" });
  expect(failureReason({ request, error })).toBe("WrongFormat: from an old worker");
});

test("no failure at all, from a worker that can't send one", () => {
  expect(failureReason(undefined)).toBe("processing failed");
});

describe("of an import", () => {
  const files = ["a", "b"].map((name): StoredFile => ({
    id: 1,
    request: "r",
    path: `/in/${name}.csv`,
    owner: "ana",
    state: "PENDING",
    addedAt: new Date(0),
  }));
  const wrongFormat = new processing.errors.WrongFormat({ line: 3, reason: "the file is empty" });
  const chordError = (member: NonNullable<Failure["error"]["member"]>): Failure["error"] =>
    Object.assign(
      new ChordError({
        message: "Dependency m1 raised WrongFormat {…}",
        member: { index: member.index, id: member.id, task: member.task },
      }),
      { member },
    );

  test("the file is told, and what is wrong with it", () => {
    const error = chordError({ index: 1, id: "m1", task: "processing.processFile", error: wrongFormat });
    expect(importFailureReason({ request, error }, files)).toBe("b.csv: line 3: the file is empty");
  });

  test("as much as is known, from a Python worker", () => {
    const error = chordError({ id: "m1" });
    expect(importFailureReason({ request, error }, files)).toBe("a file: ChordError: Dependency m1 raised WrongFormat {…}");
    expect(importFailureReason(undefined, files)).toBe("processing failed");
  });

  test("no file is blamed for what comes after them", () => {
    const error = new TaskError({ name: "Error", message: "the database is gone" });
    expect(importFailureReason({ request, error }, files)).toBe("Error: the database is gone");
  });
});
