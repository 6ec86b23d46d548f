import { userInfo } from "node:os";
import { notifications, type SentNotice } from "@example/notifications";
import { createApp, LigatureError, silentLogger, type Logger } from "ligature";
import { callersFolder, type RunCommand, type ServiceName, type ServiceSettings } from "./arguments.ts";
import { createDisplay } from "./create-display.ts";
import type { Display, Inputs } from "./display.ts";
import { startEmbedded } from "./embedded.ts";
import { isFinal, processFiles, type FileStatus } from "./follow.ts";
import { importFolders, isOver, type ImportStatus } from "./follow-import.ts";
import { paintFor, type Paint } from "./format.ts";
import { findFiles } from "./input-files.ts";
import { findFolders } from "./input-folders.ts";
import { Interruption } from "./interruption.ts";
import { lineLogger } from "./line-logger.ts";
import { startProcesses } from "./processes.ts";
import { fileTable, importTable, noticeTable, refusalTable, summary, type Times } from "./report.ts";
import { sampleFolder } from "./sample-folder.ts";
import { sampleFiles } from "./samples.ts";
import type { RunningServices } from "./services.ts";

interface Outcome {
  readonly statuses: readonly FileStatus[];
  readonly imports: readonly ImportStatus[];
  /** Undefined when notifications did not answer. */
  readonly notices: readonly SentNotice[] | undefined;
  readonly times: Times;
}

/**
 * Starts the system, has files processed, stops the system, reports. Resolves with the exit code.
 * @throws UsageError, Failure, Interrupted
 */
export async function run(command: RunCommand): Promise<number> {
  const inputs = await findInputs(command);
  const display = createDisplay(process.stdout);
  const interruption = new Interruption();
  let outcome: Outcome;
  try {
    const begun = performance.now();
    if (command.services !== "running") display.begin("Starting catalog, processing and notifications");
    const services = await interruption.orEnd(startServices(command, display, interruption));
    const ready = performance.now();
    try {
      display.expect(inputs);
      const result = await useServices(command.settings, inputs, display, interruption.signal);
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
  const { statuses, imports } = outcome;
  return statuses.every(({ record }) => isFinal(record)) && imports.every(({ record }) => isOver(record)) ? 0 : 1;
}

/** Everything is looked at before anything starts. */
async function findInputs({ files, imports, importSample, settings }: RunCommand): Promise<Inputs> {
  const folder = callersFolder(process.env);
  const folders = await findFolders(imports, folder);
  const named = await findFiles(files, folder);
  if (importSample) folders.push(await sampleFolder(settings.data));
  return { files: named.length > 0 || folders.length > 0 ? named : await sampleFiles(settings.data), folders };
}

async function startServices(command: RunCommand, display: Display, interruption: Interruption): Promise<RunningServices> {
  const { services, settings, verbose, imports, importSample } = command;
  const paint = paintFor(process.stdout);
  switch (services) {
    case "embedded":
      return startEmbedded(settings, (name) => (verbose ? displayLogger(name, "info", display, paint) : silentLogger));
    case "processes":
      return startProcesses(settings, {
        // A line for each of a folder's files, from three services, would leave nothing else to be seen.
        quiet: !verbose && (importSample || imports.length > 0),
        onLine: (name, line) => display.log(withName(name, line, paint)),
        onLost: (error) => interruption.end(error),
      });
    case "running":
      return { close: async () => {} };
  }
}

/** From here on, this program is a client like any other: it knows two contracts and a broker. */
async function useServices(
  { broker, backend }: ServiceSettings,
  { files, folders }: Inputs,
  display: Display,
  signal: AbortSignal,
): Promise<Pick<Outcome, "statuses" | "imports" | "notices">> {
  const log = displayLogger("terminal", "warn", display, paintFor(process.stdout));
  const app = createApp({ name: "terminal", broker, log, ...(backend !== undefined && { backend }) });
  try {
    const owner = userName();
    const since = new Date();
    const [statuses, imports] = await Promise.all([
      processFiles(app, files, { owner, signal, onChange: (status) => display.update(status) }),
      importFolders(app, folders, { owner, signal, onChange: (status) => display.updateImport(status) }),
    ]);
    // notifications takes its requests in order, so it has been told of every file by the time it answers this.
    const notices = signal.aborted
      ? undefined
      : await unlessUnavailable(() => app.remote(notifications).listNotices(owner, since));
    return { statuses, imports, notices };
  } finally {
    await app.close();
  }
}

function report({ statuses, imports, notices, times }: Outcome): void {
  const out = process.stdout;
  const options = { paint: paintFor(out), width: out.isTTY ? out.columns : 132 };
  const parts = [
    statuses.length > 0 && fileTable(statuses, options),
    imports.length > 0 && importTable(imports, options),
    refusalTable(imports, options),
    notices?.length && noticeTable(notices, options),
    summary(statuses, imports, times),
  ];
  out.write(`\n${parts.filter(Boolean).join("\n\n")}\n`);
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
