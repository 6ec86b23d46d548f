import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { LigatureError } from "../../src/dist/errors/index.js";
import {
  decodeControl,
  decodeResult,
  encodeControl,
  encodeResult,
  revokeCommand,
  type ControlCommand,
  type StoredResult,
} from "../../src/dist/protocol/index.js";

const properties = { contentType: "application/json", contentEncoding: "utf-8" };
const json = (value: unknown) => ({ properties, body: Buffer.from(JSON.stringify(value)) });

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect((error as LigatureError).code).toBe("UNREADABLE");
    return (error as LigatureError).rawMessage;
  }
  throw new Error("nothing was thrown");
}

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

describe("remote control", () => {
  it("writes what kombu's nodes read", () => {
    const { headers, properties: written, body } = encodeControl(revokeCommand(["a"], true));
    expect(headers).toEqual({ clock: 0, expires: 0 });
    expect(written).toEqual(properties);
    expect(JSON.parse(Buffer.from(body).toString())).toEqual({
      method: "revoke",
      arguments: { task_id: ["a"], terminate: true, signal: "SIGTERM" },
      destination: null,
      pattern: null,
      matcher: null,
    });
  });

  it("reads what it wrote", () => {
    const commands: ControlCommand[] = [
      revokeCommand(["a", "b"], false),
      { method: "ping", arguments: {}, destination: ["w1", "w2"] },
    ];
    for (const command of commands) expect(decodeControl(encodeControl(command))).toEqual(command);
  });

  it.each(["5.2.6", "5.6.3"])("reads Celery %s", (version) => {
    const sent: unknown[] = JSON.parse(readFileSync(new URL(`fixtures/celery-${version}.json`, import.meta.url), "utf8")).control;
    expect(decodeControl(json(sent[0]))).toEqual({
      method: "revoke",
      arguments: { task_id: "00000000-0000-4000-8000-000000000001", terminate: false, signal: "SIGTERM" },
      destination: null,
    });
    expect(decodeControl(json(sent[1]))).toMatchObject({
      arguments: { task_id: ["one", "two"], terminate: true },
      destination: ["w@h"],
    });
    // Addressed by pattern: whoever took it for his own might be wrong.
    expect(problemOf(() => decodeControl(json(sent[2])))).toContain('pattern addresses workers by "glob"');
  });

  it.each<[string, unknown, string]>([
    ["no object", [], "The command must be an object"],
    ["no method", { arguments: {} }, "method must be the name"],
    ["wrong arguments", { method: "revoke", arguments: [] }, "arguments must be an object"],
    ["a wrong destination", { method: "revoke", destination: "w" }, "destination must be a list"],
    [
      "a wrong name in the destination",
      { method: "revoke", destination: [7] },
      "destination must be a list of worker names, not of a number",
    ],
  ])("refuses %s", (_name, body, expected) => {
    expect(problemOf(() => decodeControl(json(body)))).toContain(expected);
  });
});
