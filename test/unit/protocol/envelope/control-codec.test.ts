import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeControl, encodeControl, revokeCommand, type ControlCommand } from "../../../../src/dist/protocol/index.js";
import { problemOf } from "../support.ts";

const properties = { contentType: "application/json", contentEncoding: "utf-8" };
const json = (value: unknown) => ({ properties, body: Buffer.from(JSON.stringify(value)) });

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
    const sent: unknown[] = JSON.parse(
      readFileSync(new URL(`../fixtures/celery-${version}.json`, import.meta.url), "utf8"),
    ).control;
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
