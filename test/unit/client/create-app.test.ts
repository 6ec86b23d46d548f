import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createApp, silentLogger } from "ligature";
import { describe, expect, it } from "vitest";

it("an app that can't be made leaves no connection behind that would keep the process alive", async () => {
  const program = `
    import { createApp } from ${JSON.stringify(import.meta.resolve("ligature"))};
    try {
      createApp({ name: "unit", broker: "amqp://127.0.0.1:1", backend: "redis://localhost?unknown=1" });
    } catch (error) {
      console.log(error.code);
    }`;
  const ended = promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { timeout: 30_000 });
  expect((await ended).stdout.trim()).toBe("INVALID_OPTION");
}, 40_000);

describe("a broker or backend that is given without a value", () => {
  it.each([
    [
      "broker",
      undefined,
      /^\[INVALID_OPTION\] createApp\(\): broker is undefined\. .*AMQP_URL, set that; for memory:\/\/ leave the option out\.$/,
    ],
    ["broker", "", /broker is an empty string/],
    ["broker", null, /broker is null/],
    ["backend", undefined, /backend is undefined\. .*RESULT_BACKEND/],
    ["backend", "", /backend is an empty string/],
    ["broker", 5, /broker must be a string, got number/],
  ])("%s: %s is refused, in words", (option, value, message) => {
    expect(() => createApp({ name: "unit", log: silentLogger, [option]: value })).toThrow(message);
  });

  it("is its default only when it is left out", async () => {
    await createApp({ name: "unit", log: silentLogger }).close();
  });

  it("other texts that are empty are called so", () => {
    expect(() => createApp({ name: "unit", log: silentLogger, defaultQueue: "" })).toThrow(
      "defaultQueue must be a string that isn't empty, got an empty one",
    );
  });
});
