import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { amqpUrl } from "./brokers.ts";

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
}

/** Celery needs the vhost in the path, and a name for it. */
function environment(queue: string, { path = "", backend = "rpc://" }: PythonProgram): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CELERY_BROKER: amqpUrl().replace(/^amqp:/, "pyamqp:"),
    CELERY_BACKEND: backend,
    LEGACY_QUEUE: queue,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONPATH: path,
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
  await install("Celery for Python 3", "python3-celery");
  const installed = await findCelery();
  if (installed === undefined)
    throw new Error("python3-celery is installed, but neither python3 nor /usr/bin/python3 can import it.");
  return installed;
}

/** The same for what Celery needs to keep results in Redis. @returns Celery's version */
export async function requireCeleryWithRedis(): Promise<string> {
  const version = await requireCelery();
  if (await imports("redis")) return version;
  await install("redis for Celery's Python", "python3-redis");
  if (!(await imports("redis"))) throw new Error(`python3-redis is installed, but ${interpreter()} can't import redis.`);
  return version;
}

async function imports(module: string): Promise<boolean> {
  try {
    await run(interpreter(), ["-c", `import ${module}`], { timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

/**
 * The same for mypy, which needs no Celery: it has no types.
 * @returns its command
 */
export async function requireMypy(): Promise<string> {
  const found = await findMypy();
  if (found !== undefined) return found;
  await install("mypy", "mypy");
  const installed = await findMypy();
  if (installed === undefined) throw new Error("mypy is installed, but neither mypy nor /usr/bin/mypy can be run.");
  return installed;
}

async function findMypy(): Promise<string | undefined> {
  for (const candidate of ["mypy", "/usr/bin/mypy"]) {
    try {
      await run(candidate, ["--version"]);
      return candidate;
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

async function install(what: string, debianPackage: string): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error(`These tests need ${what}: install it (Debian: apt-get install ${debianPackage}).`);
  // Another test file may be at it: apt waits for it instead of failing.
  const options = ["-qq", "-o", "DPkg::Lock::Timeout=240"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", ...options], { env });
  await run("apt-get", ["install", "-y", "--no-install-recommends", ...options, debianPackage], { env });
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
  const child = spawn(interpreter(), args, { cwd: folder, env: environment(queue, program), stdio: ["ignore", "pipe", "pipe"] });
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

/** Runs one command of test/interop/legacy.py, or of another program there, and returns what it printed. */
export async function celeryClient(
  queue: string,
  command: string,
  given: Readonly<Record<string, unknown>>,
  program: PythonProgram = {},
): Promise<Record<string, unknown>> {
  const file = `${program.module ?? "legacy"}.py`;
  const { stdout } = await run(interpreter(), [file, command, JSON.stringify(given)], {
    cwd: folder,
    env: environment(queue, program),
    timeout: 30_000,
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}
