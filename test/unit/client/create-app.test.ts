import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

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
