import { randomUUID } from "node:crypto";
import { lab } from "@ligature/lab";
import { createApp, type App, type Worker } from "ligature";
import { expect, it } from "vitest";
import { Journal } from "../../support/journal.ts";
import { labHandlers, onQueue } from "../../support/lab.ts";
import { recordLog, type LogLine } from "../../support/log-recorder.ts";

function appWith(options: { readonly broker?: string }): {
  readonly app: App;
  readonly lines: readonly LogLine[];
  worker(): Worker;
} {
  const { log, lines } = recordLog();
  const app = createApp({ name: "run", log, ...options });
  const contract = onQueue(lab, `run-${randomUUID()}`);
  const handlers = labHandlers(new Journal(), () => app.remote(contract));
  return { app, lines, worker: () => app.worker(contract, handlers) };
}
const isOpen = (app: App): boolean => {
  try {
    app.worker(
      lab,
      labHandlers(new Journal(), () => app.remote(lab)),
    );
    return true;
  } catch {
    return false;
  }
};

it("run() closes its app when no other worker runs", async () => {
  const { app, worker } = appWith({ broker: `memory://${randomUUID()}` });
  const [first, second] = [worker(), worker()];
  const runs = [first.run(), second.run()];
  await first.stop();
  await runs[0];
  expect(isOpen(app)).toBe(true);
  await second.stop();
  await runs[1];
  expect(isOpen(app)).toBe(false);
});

it("start() and stop() leave the app open, and so does run() beside a worker that was started", async () => {
  const { app, worker } = appWith({ broker: `memory://${randomUUID()}` });
  const started = worker();
  await started.start();
  const ran = worker();
  const running = ran.run();
  await ran.stop();
  await running;
  expect(isOpen(app)).toBe(true);
  await started.stop();
  expect(isOpen(app)).toBe(true);
  await app.close();
});

it("a worker on a memory broker says so, and warns where nobody asked for one", async () => {
  for (const options of [{}, { broker: `memory://${randomUUID()}` }]) {
    const { app, lines, worker } = appWith(options);
    await worker().start();
    await app.close();
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      "info: worker is ready, for callers in this process only",
      ...("broker" in options
        ? []
        : [expect.stringMatching(/^warn: createApp\(\) was given no broker, so this worker is on memory:\/\//)]),
      "info: worker has stopped",
    ]);
  }
});
