import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeResult, encodeResult, type StoredResult } from "../../../../src/dist/protocol/index.js";
import { problemOf } from "../support.ts";

const properties = { contentType: "application/json", contentEncoding: "utf-8" };
const json = (value: unknown) => ({ properties, body: Buffer.from(JSON.stringify(value)) });

describe("results", () => {
  const result: StoredResult = { task_id: "1", status: "SUCCESS", result: ["x"], traceback: null, children: [] };

  it("go to the reply queue in Celery's form", () => {
    const message = encodeResult(result, "replies", "c");
    expect(message).toMatchObject({
      exchange: "",
      routingKey: "replies",
      headers: {},
      properties: { ...properties, correlationId: "c" },
    });
    expect(JSON.parse(Buffer.from(message.body).toString())).toEqual(result);
    expect(encodeResult(result, "replies", undefined).properties).not.toHaveProperty("correlationId");
  });

  it("come back as they were sent", () => {
    const full: StoredResult = {
      ...result,
      date_done: "2026-11-22T11:53:20+00:00",
      ligature: { meta: { values: { "0": ["Date"] }, v: 1 } },
    };
    for (const sent of [result, full]) expect(decodeResult(encodeResult(sent, "q", undefined))).toEqual(sent);
  });

  it("are read with what is missing", () => {
    expect(decodeResult(json({ task_id: "1", status: "STARTED" }))).toEqual({ ...result, status: "STARTED", result: null });
  });

  it("are read in a state that a Python task made up", () => {
    expect(decodeResult(json({ task_id: "1", status: "UPLOADING", result: { done: 3 } }))).toMatchObject({
      status: "PROGRESS",
      result: { done: 3 },
    });
  });

  it("are read when compressed", () => {
    const body = deflateSync(JSON.stringify(result));
    expect(decodeResult({ properties, headers: { compression: "application/x-gzip" }, body })).toEqual(result);
  });

  it.each<[string, unknown, string]>([
    ["no object", [], "The result must be an object, not an array"],
    ["no id", { status: "SUCCESS" }, "task_id must be the id"],
    ["no state", { task_id: "1" }, "status must be the name"],
    ["forged meta", { task_id: "1", status: "SUCCESS", ligature: { meta: [] } }, "ligature.meta isn't superjson's meta"],
    ["something else in our key", { task_id: "1", status: "SUCCESS", ligature: 7 }, "ligature must be an object"],
  ])("are refused with %s", (_name, body, expected) => {
    expect(problemOf(() => decodeResult(json(body)))).toContain(expected);
  });

  it("that can't be written are refused", () => {
    expect(problemOf(() => encodeResult({ ...result, result: 1n }, "q", undefined))).toContain(
      "The result of task 1 can't be written",
    );
  });
});
