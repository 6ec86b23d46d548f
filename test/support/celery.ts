import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { amqpUrl } from "./brokers.ts";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("../interop", import.meta.url));

/** Celery needs the vhost in the path, and a name for it. */
function environment(queue: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CELERY_BROKER: amqpUrl().replace(/^amqp:/, "pyamqp:"),
    LEGACY_QUEUE: queue,
    PYTHONDONTWRITEBYTECODE: "1",
    C_FORCE_ROOT: "1",
  };
}

/** The first of these that has Celery; Debian installs it for its own Python, which need not be the first in the path. */
let python: string | undefined;

/**
 * Finds a Python that has Celery; installs Debian's where none has and that is possible; says what to do where it isn't.
 * @returns Celery's version
 */
export async function requireCelery(): Promise<string> {
  const found = await findCelery();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0)
    throw new Error("These tests need Celery for Python 3: install it (Debian: apt-get install python3-celery).");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { env });
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "python3-celery"], { env });
  const installed = await findCelery();
  if (installed === undefined)
    throw new Error("python3-celery is installed, but neither python3 nor /usr/bin/python3 can import it.");
  return installed;
}

async function findCelery(): Promise<string | undefined> {
  for (const candidate of ["python3", "/usr/bin/python3"]) {
    try {
      const { stdout } = await run(candidate, ["-m", "celery", "--version"]);
      python = candidate;
      return stdout.trim();
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

function interpreter(): string {
  if (python === undefined) throw new Error("requireCelery() comes first.");
  return python;
}

export interface CeleryWorker extends AsyncDisposable {
  /** Everything that it logged. */
  readonly log: readonly string[];
}

/** A Celery worker process; resolves when it consumes. */
export async function startCeleryWorker(queue: string): Promise<CeleryWorker> {
  const args = [
    "-m",
    "celery",
    "-A",
    "legacy",
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
  const child = spawn(interpreter(), args, { cwd: folder, env: environment(queue), stdio: ["ignore", "pipe", "pipe"] });
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

/** Runs one command of test/interop/legacy.py and returns what it printed. */
export async function celeryClient(
  queue: string,
  command: string,
  given: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const { stdout } = await run(interpreter(), ["legacy.py", command, JSON.stringify(given)], {
    cwd: folder,
    env: environment(queue),
    timeout: 30_000,
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}
