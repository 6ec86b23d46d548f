import { defineCommand, UsageError } from "../command.ts";

/** Set for the processes that a supervisor starts: their number, from 1. */
export const placeVariable = "LIGATURE_WORKER_PROCESS";

const options = {
  concurrency: { type: "text", value: "number", short: "c", description: "how many requests each worker runs at a time" },
  processes: {
    type: "text",
    value: "number",
    short: "p",
    description: "runs so many processes, starts those again that end by accident, and reloads one after the other on SIGHUP",
  },
  watch: { type: "switch", description: "for development: starts again when a file changes that the module imports" },
  "health-port": { type: "text", value: "port", description: "answers probes there: /livez and /readyz" },
  "health-host": { type: "text", value: "address", description: "the address to listen at for them (default: all)" },
  log: {
    type: "text",
    value: "form",
    choices: ["auto", "text", "json"],
    default: "auto",
    description: "how to log, where the module's apps bring no logger; auto is text on a terminal and json otherwise",
  },
  "log-level": {
    type: "text",
    value: "level",
    choices: ["debug", "info", "warn", "error"],
    default: "info",
    description: "the lowest level that is logged",
  },
} as const;

/** What `ligature worker` was asked for. */
export interface WorkerRequest {
  readonly module: string;
  readonly concurrency: number | undefined;
  readonly processes: number | undefined;
  readonly health: { readonly port: number; readonly host?: string } | undefined;
  readonly json: boolean;
  readonly level: "debug" | "info" | "warn" | "error";
}

export const workerCommand: ReturnType<typeof defineCommand> = defineCommand({
  name: "worker",
  summary: "run the workers that a module exports",
  description:
    "Runs the workers that a module exports, and those of the apps that it exports, until SIGTERM or Ctrl+C; then it drains them. A second signal aborts what still runs.",
  arguments: [{ name: "module", description: "a file: src/workers.ts (needs tsx), dist/workers.js", required: true }],
  options,
  notes: `The module:  export const worker = app.worker(catalog, handlers);

Exit codes: 0 drained and stopped, 1 a worker could not start or a process failed, 2 the call or the module is wrong.`,
  async run({ arguments: [module = ""], options: given }, terminal) {
    const port = numberOf("health-port", given["health-port"], 0, 65_535);
    const host = given["health-host"];
    const request: WorkerRequest = {
      module,
      concurrency: numberOf("concurrency", given.concurrency, 1, 10_000),
      processes: numberOf("processes", given.processes, 1, 1000),
      health: port === undefined ? undefined : { port, ...(host !== undefined && { host }) },
      json: given.log === "json" || (given.log === "auto" && !process.stderr.isTTY),
      level: given["log-level"],
    };
    const isSupervised = process.env[placeVariable] !== undefined;
    if (given.watch && request.processes !== undefined) {
      throw new UsageError("--watch runs one process; leave --processes out.");
    }
    if (given.watch) return (await import("./watched.ts")).runWatched();
    if (request.processes !== undefined && !isSupervised) {
      return (await import("./supervisor.ts")).supervise(request, request.processes);
    }
    return (await import("./run-workers.ts")).runWorkers(request, terminal);
  },
});

function numberOf(option: string, value: string | undefined, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new UsageError(`--${option} must be a whole number from ${least} to ${most}, got "${value}".`);
}
