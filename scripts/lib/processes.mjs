import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { killTree } from "./kill-tree.mjs";

/** The repo's folder, whatever the current one is. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/**
 * The environment for tools that we start. `npm start` and `npm test` describe themselves to their scripts in
 * variables that a package manager below them would take for its own settings (`npm --prefix … start`, for one).
 */
export function cleanEnvironment(extra = {}) {
  const environment = { ...process.env, npm_config_loglevel: "error", npm_config_update_notifier: "false" };
  for (const name of Object.keys(environment)) {
    if (
      /^npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|prefix|global_prefix|workspace))/i.test(name)
    ) {
      delete environment[name];
    }
  }
  return { ...environment, ...extra };
}

/** What runs below us ends with us. */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});

function start(command, args, options) {
  const child = spawn(command, args, { cwd: root, env: cleanEnvironment(), ...options });
  running.add(child);
  child.on("close", () => running.delete(child));
  return child;
}

/**
 * Runs a program to its end, its output collected. Never rejects: a program that is missing has code 127.
 * `limit` is the time in milliseconds after which it is killed, with all that it started; `timedOut` says that it was.
 */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    const { limit, ...others } = options;
    const env = { ...(options.env ?? cleanEnvironment()), NO_COLOR: "1", FORCE_COLOR: undefined };
    const child = start(command, args, { ...others, env, stdio: ["ignore", "pipe", "pipe"] });
    const output = [];
    const end = (code, signal, timedOut) =>
      resolve({ code: exitCode(code, signal), output: Buffer.concat(output).toString(), timedOut });
    const timer = killAfter(limit, child, () => end(null, "SIGKILL", true));
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => resolve({ code: 127, output: error.message, timedOut: false }));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      end(code, signal, false);
    });
  });
}

/** Runs a program to its end, its output shown; resolves with its exit code. */
export async function show(command, args, options) {
  return (await showWithin(undefined, command, args, options)).code;
}

/** The same, killed with all that it started when it takes longer than `limit` milliseconds. */
export function showWithin(limit, command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, { ...options, stdio: "inherit" });
    const timer = killAfter(limit, child, () => resolve({ code: exitCode(null, "SIGKILL"), timedOut: true }));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: exitCode(code, signal), timedOut: false });
    });
  });
}

function killAfter(limit, child, killed) {
  if (limit === undefined) return undefined;
  return setTimeout(() => {
    killTree(child);
    killed();
  }, limit);
}

/** What a shell would say: 128 + the number of the signal that ended the program. */
export function exitCode(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}

/** Ends this process on Ctrl-C and `kill`, through its "exit" listeners, which is where things are cleaned up. */
export function exitOnSignals() {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(exitCode(null, signal)));
}

/** Says what takes a while, and then how long it took. */
export async function step(what, work) {
  const started = performance.now();
  process.stdout.write(`${what} …`);
  try {
    const result = await work();
    process.stdout.write(` ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stdout.write(" failed\n");
    throw error;
  }
}

/** A failure that the user can do something about: its message is all that is shown. */
export class UserError extends Error {
  name = "UserError";
}

/** Runs a script's main function; a UserError ends it with exit code 1 and no stack. */
export async function main(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  }
}
