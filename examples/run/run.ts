import { userInfo } from "node:os";
import { notifications, type SentNotice } from "@example/notifications";
import { createApp, LigatureError, silentLogger, type Logger } from "ligature";
import { callersFolder, type RunCommand, type ServiceName } from "./arguments.ts";
import { createDisplay, type Display } from "./display.ts";
import { startEmbedded } from "./embedded.ts";
import { isFinal, processFiles, type FileStatus } from "./follow.ts";
import { paintFor, type Paint } from "./format.ts";
import { findFiles, type InputFile } from "./input-files.ts";
import { Interruption } from "./interruption.ts";
import { lineLogger } from "./line-logger.ts";
import { startProcesses } from "./processes.ts";
import { fileTable, noticeTable, summary, type Times } from "./report.ts";
import { sampleFiles } from "./samples.ts";
import type { RunningServices } from "./services.ts";

interface Outcome {
  readonly statuses: readonly FileStatus[];
  /** Undefined when notifications did not answer. */
  readonly notices: readonly SentNotice[] | undefined;
  readonly times: Times;
}

/**
 * Starts the system, has files processed, stops the system, reports. Resolves with the exit code.
 * @throws UsageError, Failure, Interrupted
 */
export async function run(command: RunCommand): Promise<number> {
  const { settings } = command;
  const files =
    command.files.length > 0 ? await findFiles(command.files, callersFolder(process.env)) : await sampleFiles(settings.data);
  const display = createDisplay(process.stdout);
  const interruption = new Interruption();
  let outcome: Outcome;
  try {
    const begun = performance.now();
    if (command.services !== "running") display.begin("Starting catalog, processing and notifications");
    const services = await interruption.orEnd(startServices(command, display, interruption));
    const ready = performance.now();
    try {
      display.expect(files);
      const result = await useServices(settings.broker, files, display, interruption.signal);
      const start = command.services === "running" ? undefined : ready - begun;
      outcome = { ...result, times: { start, run: performance.now() - ready } };
    } finally {
      if (command.services !== "running") display.begin("Stopping the services");
      await services.close();
    }
  } finally {
    display.close();
    interruption.close();
  }
  report(outcome);
  if (interruption.signal.aborted) throw interruption.signal.reason;
  return outcome.statuses.every(({ record }) => isFinal(record)) ? 0 : 1;
}

async function startServices(command: RunCommand, display: Display, interruption: Interruption): Promise<RunningServices> {
  const { services, settings, verbose } = command;
  const paint = paintFor(process.stdout);
  switch (services) {
    case "embedded":
      return startEmbedded(settings, (name) => (verbose ? displayLogger(name, "info", display, paint) : silentLogger));
    case "processes":
      return startProcesses(settings, {
        onLine: (name, line) => display.log(withName(name, line, paint)),
        onLost: (error) => interruption.end(error),
      });
    case "running":
      return { close: async () => {} };
  }
}

/** From here on, this program is a client like any other: it knows two contracts and a broker. */
async function useServices(
  broker: string,
  files: readonly InputFile[],
  display: Display,
  signal: AbortSignal,
): Promise<Pick<Outcome, "statuses" | "notices">> {
  const log = displayLogger("terminal", "warn", display, paintFor(process.stdout));
  const app = createApp({ name: "terminal", broker, log });
  try {
    const owner = userName();
    const since = new Date();
    const statuses = await processFiles(app, files, { owner, signal, onChange: (status) => display.update(status) });
    // notifications takes its requests in order, so it has been told of every file by the time it answers this.
    const notices = signal.aborted
      ? undefined
      : await unlessUnavailable(() => app.remote(notifications).listNotices(owner, since));
    return { statuses, notices };
  } finally {
    await app.close();
  }
}

function report({ statuses, notices, times }: Outcome): void {
  const out = process.stdout;
  const options = { paint: paintFor(out), width: out.isTTY ? out.columns : 132 };
  const parts = [
    fileTable(statuses, options),
    ...(notices?.length ? [noticeTable(notices, options)] : []),
    summary(statuses, times),
  ];
  out.write(`\n${parts.join("\n\n")}\n`);
}

async function unlessUnavailable<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof LigatureError) return undefined;
    throw error;
  }
}

function displayLogger(name: ServiceName | "terminal", level: "info" | "warn" | "error", display: Display, paint: Paint): Logger {
  return lineLogger({ level, paint, write: (line) => display.log(withName(name, line, paint)) });
}

const colours = { catalog: "blue", processing: "magenta", notifications: "cyan", terminal: "gray" } as const;

function withName(name: ServiceName | "terminal", line: string, paint: Paint): string {
  return `${paint(colours[name], name.padEnd(13))} ${paint("dim", "│")} ${line}`;
}

/** Who the notices are for. A user without an entry in the system's list of users, as in many containers, has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "you";
  }
}
