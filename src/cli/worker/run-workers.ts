import { hostname } from "node:os";
import { setLaunch, type App, type AppHealth } from "../../app/index.ts";
import { serveHealth } from "../../health/index.ts";
import { consoleLogger, jsonLogger, type Logger } from "../../logging/index.ts";
import { after } from "../../timing/index.ts";
import type { Worker } from "../../worker/index.ts";
import { UsageError, type Terminal } from "../command.ts";
import { ownVersion } from "../own-version.ts";
import { loadModule } from "./load-module.ts";
import { obeySupervisor } from "./supervised.ts";
import { placeVariable, type WorkerRequest } from "./worker-command.ts";

/** Milliseconds for what a module has opened besides its apps to close by itself. */
const grace = 5000;

/** Runs a module's workers in this process, until they have stopped. Resolves with the exit code. */
export async function runWorkers(request: WorkerRequest, terminal: Terminal): Promise<number> {
  const log = (request.json ? jsonLogger : consoleLogger)(request.level);
  const place = process.env[placeVariable];
  const apps = new Set<App>();
  setLaunch({
    log,
    workerOptions: (app, given) => ({
      ...given,
      ...(request.concurrency !== undefined && { concurrency: request.concurrency }),
      // Celery's tools know workers by their names, so each process has its own.
      ...(place !== undefined && { name: numbered(given.name ?? `${app}@${hostname()}`, place) }),
    }),
    onApp: (app) => void apps.add(app),
  });
  const health = (): readonly AppHealth[] => [...apps].map((app) => app.health());
  const supervisor = place === undefined ? undefined : obeySupervisor(health);
  let code = 1;
  try {
    const { workers } = await loadModule(terminal.cwd, request.module);
    if (place === undefined || place === "1") introduce(request, health(), terminal, log);
    const probes =
      request.health === undefined || supervisor !== undefined ? undefined : await serveHealth([...apps], request.health);
    if (probes !== undefined) log.info({ port: probes.port }, "answers probes at /livez and /readyz");
    supervisor?.attend(workers);
    await runAll(workers);
    await probes?.close();
    code = 0;
  } catch (error) {
    if (UsageError.is(error)) throw error;
    log.error({ err: error }, "the workers have ended");
  } finally {
    supervisor?.leave();
    await Promise.all([...apps].map((app) => app.close().catch(() => {})));
    after(grace, () => process.exit(), { ref: false });
  }
  return code;
}

/** @throws what the first of them fails with, when all have stopped */
async function runAll(workers: readonly Worker[]): Promise<void> {
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } catch (error) {
    await Promise.allSettled(workers.map((worker) => worker.stop()));
    throw error;
  }
}

/** `catalog@host` as process 2: `catalog-2@host`. */
function numbered(name: string, place: string): string {
  const at = name.indexOf("@");
  return at === -1 ? `${name}-${place}` : `${name.slice(0, at)}-${place}${name.slice(at)}`;
}

/** What Celery's worker says at its start: who it is, and what it serves. */
function introduce(request: WorkerRequest, apps: readonly AppHealth[], terminal: Terminal, log: Logger): void {
  const versions = { ligature: ownVersion(), node: process.versions.node };
  const { module, processes } = request;
  for (const { app, broker, workers } of apps) {
    for (const { name, contract, concurrency, queues, tasks } of workers) {
      const fields = { module, app, worker: name, contract, broker: broker.address, queues, tasks, concurrency, ...versions };
      if (request.json) {
        log.info({ ...fields, ...(processes !== undefined && { processes }) }, "worker starts");
        continue;
      }
      const times = processes === undefined ? "" : ` in each of ${processes} processes`;
      const lines = [
        `ligature ${versions.ligature}, Node ${versions.node}, ${process.platform} ${process.arch}, pid ${process.pid}`,
        "",
        `  worker       ${name} (app ${app}, ${module})`,
        `  contract     ${contract}`,
        `  broker       ${broker.address}`,
        `  queues       ${queues.join(", ")}`,
        `  concurrency  ${concurrency}${times}`,
        `  tasks        ${tasks.join("\n               ")}`,
        "",
      ];
      terminal.err(lines.join("\n"));
    }
  }
}
