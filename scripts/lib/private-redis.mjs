/**
 * A Redis of one's own: started for a test run or a developer, on a port of its own, reachable from this machine only, with
 * nothing kept on disk, gone afterwards. Comes from the machine's own Redis.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { untilAnswers, untilGone } from "./answering.mjs";
import { freePorts } from "./free-ports.mjs";
import { capture, UserError } from "./processes.mjs";
import { findRedis, missingText, programEnvironment } from "./programs.mjs";
import { answers } from "./redis-handshake.mjs";

/**
 * Runs redis-server, given as arguments. Standard input is a pipe that the starting process holds open. Its end, however that
 * process ended, SIGKILL included, ends this whole process group; so does the end of Redis.
 */
const guard = `
exec 3<&0 </dev/null >>redis.log 2>&1
(cat <&3 >/dev/null; kill -KILL 0) &
"$@" 3<&-
kill -KILL 0
`;

/**
 * Starts one and resolves when it answers; the caller stops it. `log` hears in a line what is done.
 * @param {import("./private-redis.d.mts").RedisOptions} options
 */
export async function startRedis({ log = () => {}, args = [], timeout = 30_000, server = findRedis() } = {}) {
  if (server === undefined) throw new UserError(missingText("redis"));
  for (let attempt = 1; ; attempt++) {
    const redis = new PrivateRedis(server, args, timeout, ...(await freePorts(1)));
    try {
      await redis.start();
      log(`Started a private Redis (${server}) on port ${redis.port}; data in ${redis.folder}`);
      return redis;
    } catch (error) {
      const tail = redis.logTail();
      await redis.stop();
      // Another program may have been quicker to take the port.
      if (attempt < 3 && /address already in use/i.test(tail)) continue;
      throw new UserError(`${tail}\n\nRedis (${server}) did not start: ${error.message}.`, { cause: error });
    }
  }
}

class PrivateRedis {
  #server;
  #args;
  #timeout;
  #secure;
  #group;
  #onExit = () => {
    this.#signal("SIGKILL");
    this.#remove();
  };

  constructor(server, args, timeout, port) {
    this.#server = server;
    this.#timeout = timeout;
    this.#secure = args.some((arg) => arg.startsWith("--tls-"));
    this.#args = ["--bind", "127.0.0.1", ...(this.#secure ? ["--port", "0", "--tls-port"] : ["--port"]), String(port)];
    this.#args.push("--save", "", "--appendonly", "no", ...args);
    this.port = port;
    this.url = `${this.#secure ? "rediss" : "redis"}://127.0.0.1:${port}`;
    this.folder = mkdtempSync(join(tmpdir(), "ligature-redis-"));
    process.on("exit", this.#onExit);
  }

  async start() {
    if (this.#group !== undefined) return;
    const group = spawn("/bin/sh", ["-c", guard, "redis", this.#server, ...this.#args], {
      cwd: this.folder,
      env: { ...programEnvironment(this.#server), LANG: "C.UTF-8", HOME: this.folder },
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#group = group;
    const ended = once(group, "close").then(() => Promise.reject(new Error("it ended; its log is above")));
    await untilAnswers(() => answers(this.url, 1_000), ended, this.#timeout);
  }

  async kill() {
    const group = this.#group;
    if (group === undefined) return;
    const ended = group.exitCode === null && group.signalCode === null ? once(group, "close") : undefined;
    this.#signal("SIGKILL");
    this.#group = undefined;
    await ended;
    await untilGone(() => answers(this.url, 1_000));
  }

  async freeze() {
    this.#signal("SIGSTOP");
  }

  async thaw() {
    this.#signal("SIGCONT");
  }

  async cli(...args) {
    const secure = this.#secure ? ["--tls", "--insecure"] : [];
    const all = ["-h", "127.0.0.1", "-p", String(this.port), ...secure, ...args];
    const { code, output } = await capture(join(dirname(this.#server), "redis-cli"), all, { limit: 30_000 });
    if (code !== 0) throw new Error(`redis-cli ${args.join(" ")} failed (exit code ${code}):\n${output}`);
    return output;
  }

  async stop() {
    process.off("exit", this.#onExit);
    await this.kill();
    this.#remove();
  }

  logTail(lines = 25) {
    try {
      return readFileSync(join(this.folder, "redis.log"), "utf8").trimEnd().split("\n").slice(-lines).join("\n");
    } catch {
      return "";
    }
  }

  /** A group that has ended already is what was wanted. */
  #signal(signal) {
    const group = this.#group;
    if (group === undefined || group.exitCode !== null || group.signalCode !== null) return;
    try {
      process.kill(-group.pid, signal);
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }

  #remove() {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}
