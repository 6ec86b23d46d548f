import { describe, expect, it } from "vitest";
import { missingRooms, wrongImport } from "../../../scripts/lib/room-rules.mjs";
import { projectRoot } from "../../support/documents.ts";

describe("which folder may import what", () => {
  it.each([
    ["a lower room by its index", "src/signature/build.ts", "../errors/index.ts", false],
    ["a file of the same room", "src/signature/build.ts", "./data.ts", false],
    ["a package by its owner", "src/broker/amqp/link.ts", "amqplib", false],
    ["Node's modules", "src/errors/codes.ts", "node:os", false],
    ["what lies beside a room in its folder", "src/broker/memory/index.ts", "../broker.ts", false],
    [
      "the types of upper rooms for generated code, each from its file",
      "src/for-generated-code/index.ts",
      "../client/app.ts",
      true,
    ],
    ["a side door by its guests", "src/backend/memory/index.ts", "../../broker/memory/index.ts", false],
    ["public entry points", "codegen/src/gen.ts", "ligature/contract", false],
    ["what is compiled, in tests", "test/unit/timing/deadlines.test.ts", "../../../src/dist/timing/index.js", false],
  ])("allows %s", (_what, file, specifier, typeOnly) => {
    expect(wrongImport(file, specifier, typeOnly)).toBeUndefined();
  });

  it.each([
    [
      "an upper room, types included",
      "src/contract/task.ts",
      "../signature/index.ts",
      true,
      "may import errors, logging, timing, options only",
    ],
    ["a room on the same floor", "src/errors/codes.ts", "../logging/index.ts", false, "may import no other room"],
    [
      "a neighbour on the same floor of an inner stack",
      "src/broker/memory/index.ts",
      "../amqp/index.ts",
      false,
      "may import no other",
    ],
    ["a room past its index", "src/signature/build.ts", "../errors/codes.ts", false, "by its index.ts"],
    ["an inner folder past its index", "src/worker/intake/slots.ts", "../request/ending.ts", false, "by its index.ts"],
    ["a side door by others", "src/worker/intake.ts", "../broker/memory/index.ts", false, "by its index.ts"],
    ["a folder without a floor", "src/client/app.ts", "../unheard-of/index.ts", true, "has no floor"],
    ["a package of another room", "src/broker/memory/index.ts", "amqplib", false, "belongs to src/broker/amqp/"],
    ["a package of nobody's", "src/contract/schema.ts", "zod", true, "No folder of src/ imports zod"],
    ["values of upper rooms for generated code", "src/for-generated-code/define.ts", "../client/index.ts", false, "types only"],
    ["the runtime's source", "codegen/src/gen.ts", "../../src/cli/run.ts", false, "public entry points"],
    ["a broker's client in an example", "examples/main.ts", "amqplib", false, "what a user has"],
    ["more than contracts in a contract package", "packages/a/src/contract.ts", "ligature", false, "A contract package imports"],
    ["sources in tests", "test/unit/a.test.ts", "../../src/errors/index.ts", false, "Tests import"],
    ["compiled files past their index in tests", "test/unit/a.test.ts", "../../src/dist/errors/codes.js", false, "Tests import"],
  ])("refuses %s", (_what, file, specifier, typeOnly, message) => {
    expect(wrongImport(file, specifier, typeOnly)).toContain(message);
  });

  it("has a folder or a file for each name", () => {
    expect(missingRooms(projectRoot)).toEqual([]);
  });
});
