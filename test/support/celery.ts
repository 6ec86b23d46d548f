import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findCeleryPython, missingText } from "../../scripts/lib/programs.mjs";
import { amqpUrl } from "./brokers.ts";
import { patience } from "./patience.ts";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("../interop", import.meta.url));

/** What runs besides the untyped files of test/interop. */
export interface PythonProgram {
  /** In test/interop, without its ending. @default "legacy" */
  readonly module?: string;
  /** A folder with packages that it imports. */
  readonly path?: string;
  /** Of results. @default "rpc://" */
  readonly backend?: string;
  /** The type of its own queues. @default "classic" */
  readonly queues?: "classic" | "quorum";
}

/** Celery needs the vhost in the path, and a name for it. */
function environment(queue: string, { path = "", backend = "rpc://", queues = "classic" }: PythonProgram): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CELERY_BROKER: amqpUrl().replace(/^amqp:/, "pyamqp:"),
    CELERY_BACKEND: backend,
    CELERY_QUEUES: queues,
    LEGACY_QUEUE: queue,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONPATH: path,
    C_FORCE_ROOT: "1",
  };
}

let python: Promise<string> | undefined;

/** A Python that has Celery. The suite doesn't begin where there is none. */
export function celeryPython(): Promise<string> {
  return (python ??= findPython());
}

async function findPython(): Promise<string> {
  const found = await findCeleryPython();
  if (found === undefined) throw new Error(missingText("celery"));
  return found;
}

export async function celeryVersion(): Promise<string> {
  const { stdout } = await run(await celeryPython(), ["-m", "celery", "--version"]);
  return stdout.trim();
}

export interface CeleryWorker extends AsyncDisposable {
  /** Everything that it logged. */
  readonly log: readonly string[];
}

/** A Celery worker process; resolves when it consumes. */
export async function startCeleryWorker(queue: string, program: PythonProgram = {}): Promise<CeleryWorker> {
  const args = [
    "-m",
    "celery",
    "-A",
    program.module ?? "legacy",
    "worker",
    "--pool",
    "solo",
    "--loglevel",
    "INFO",
    "--without-gossip",
    "--without-mingle",
    "--hostname",
    `${queue}@test`,
  ];
  const child = spawn(await celeryPython(), args, {
    cwd: folder,
    env: environment(queue, program),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: string[] = [];
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        log.push(line);
        if (line.includes(" ready.")) resolve();
      });
    }
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The Celery worker exited with ${code}:\n${log.join("\n")}`)));
  });
  await ready;
  return {
    log,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** Runs one command of test/interop/legacy.py, or of another program there, and returns what it printed. @param given an object, or its JSON */
export async function celeryClient(
  queue: string,
  command: string,
  given: Readonly<Record<string, unknown>> | string,
  program: PythonProgram = {},
): Promise<Record<string, unknown>> {
  const file = `${program.module ?? "legacy"}.py`;
  const { stdout } = await run(await celeryPython(), [file, command, typeof given === "string" ? given : JSON.stringify(given)], {
    cwd: folder,
    env: environment(queue, program),
    timeout: patience,
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}
