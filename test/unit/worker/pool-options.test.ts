import { lab } from "@ligature/lab";
import { createApp, silentLogger, type PoolOptions } from "ligature";
import { afterAll, describe, expect, it } from "vitest";
import { Journal } from "../../support/journal.ts";
import { labHandlers } from "../../support/lab.ts";

const app = createApp({ name: "pool-options", broker: "memory://", log: silentLogger });
const module = new URL("../../dist/support/lab-module.js", import.meta.url);

afterAll(() => app.close());

describe("options of a worker with a pool are refused before it starts", () => {
  const functions = labHandlers(new Journal(), () => app.remote(lab));

  it.each<[what: string, handlers: unknown, options: object, message: RegExp]>([
    ["no execution", module, {}, /say execution: "thread" or "process"/],
    ["an undefined execution", module, { execution: undefined }, /say execution: "thread" or "process"/],
    ["an unknown execution", module, { execution: "fiber" }, /execution must be "thread" or "process", got "fiber"/],
    [
      "functions",
      functions,
      { execution: "thread" },
      /execution: "thread" needs a module.*new URL\("\.\/handlers\.js", import\.meta\.url\)/,
    ],
    [
      "options of pools without one",
      functions,
      { maxTasksPerChild: 1 },
      /maxTasksPerChild needs handlers in a module, and execution/,
    ],
    ["no tasks", module, { execution: "thread", maxTasksPerChild: 0 }, /maxTasksPerChild must be a whole number of at least 1/],
    [
      "megabytes",
      module,
      { execution: "process", maxMemoryPerChild: 512 },
      /maxMemoryPerChild must be a whole number of at least 100663296, got 512/,
    ],
  ])("%s", (_what, handlers, options, message) => {
    const make = (): unknown => app.worker(lab, handlers as URL, options as PoolOptions);
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringMatching(message) }));
  });

  it.each<[what: string, url: string, message: RegExp]>([
    ["what isn't a file", "data:text/javascript,export default {}", /must be a module in a file.*got data:/],
    ["a file that isn't there", "file:///no/where/handlers.js", /no module with handlers at .*handlers\.js/],
  ])("%s, at the start", async (_what, url, message) => {
    const worker = app.worker(lab, new URL(url), { execution: "process", concurrency: 1 });
    await expect(worker.start()).rejects.toMatchObject({ code: "INVALID_OPTION", message });
    await worker.stop();
  });
});
