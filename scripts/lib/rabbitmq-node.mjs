import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { untilAnswers, untilGone } from "./amqp-handshake.mjs";
import { freePorts } from "./free-ports.mjs";
import { capture, UserError } from "./processes.mjs";
import { programEnvironment } from "./programs.mjs";

/**
 * Runs epmd (Erlang's name server) and RabbitMQ. $1: epmd's port, $2: RabbitMQ's start script.
 *
 * Standard input is a pipe that the starting process holds open. Its end, however that process ended, SIGKILL
 * included, ends this whole process group; so does the end of RabbitMQ. RabbitMQ waits for epmd, or it would
 * start one that outlives it.
 */
const guard = `
exec 3<&0 </dev/null >>startup.log 2>&1
(cat <&3 >/dev/null; kill -KILL 0) &
epmd -port "$1" -address 127.0.0.1 3<&- &
until epmd -port "$1" -names >/dev/null; do kill -0 $! || kill -KILL 0; sleep 0.05; done
"$2" 3<&-
kill -KILL 0
`;

/** Small and quiet: few schedulers that don't spin while idle, Erlang's own port bound to this machine too. */
const erlangArguments = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}";

const defaultConfig = `
# A small or a full disk, or a small memory, shall not block publishers in the middle of a test.
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 1GB
# Quorum queues write their log in files of this size; the default of 512 MB is for servers.
raft.wal_max_size_bytes = 67108864
`;

/** Starts a node, with other ports should another program have taken one in between. */
export async function startNode({ server, config, plugins, timeout }) {
  for (let attempt = 1; ; attempt++) {
    const node = new RabbitmqNode(server, config, plugins, timeout, await freePorts(3));
    try {
      await node.start();
      return node;
    } catch (error) {
      const log = node.logTail();
      await node.stop();
      if (attempt < 3 && /eaddrinuse|address already in use/i.test(log)) continue;
      throw new UserError(`${log}\n\nRabbitMQ (${server}) did not start: ${error.message}.`, { cause: error });
    }
  }
}

/** A node with everything of its own: folder, ports, Erlang cookie, name server. */
class RabbitmqNode {
  #server;
  #timeout;
  #nodeName;
  #epmdPort;
  #environment;
  #group;
  #onExit = () => this.#endNow();

  constructor(server, config, plugins, timeout, ports) {
    const [port, distributionPort, epmdPort] = ports;
    this.port = port;
    this.url = `amqp://guest:guest@127.0.0.1:${port}`;
    this.folder = mkdtempSync(join(tmpdir(), "ligature-rabbitmq-"));
    this.#server = server;
    this.#timeout = timeout;
    this.#nodeName = `ligature-${port}@localhost`;
    this.#epmdPort = epmdPort;
    this.#environment = nodeEnvironment(server, this.folder, this.#nodeName, port, distributionPort, epmdPort);
    writeFileSync(join(this.folder, "rabbitmq.conf"), `${defaultConfig}\n${config}\n`);
    writeFileSync(join(this.folder, "enabled_plugins"), `[${plugins.join(",")}].\n`);
    writeFileSync(join(this.folder, "rabbitmq-env.conf"), "");
    process.on("exit", this.#onExit);
  }

  /** Resolves when it answers. After `kill()` it comes back on the same port with the same data. */
  async start() {
    if (this.#group !== undefined) return;
    const group = spawn("/bin/sh", ["-c", guard, "rabbitmq", String(this.#epmdPort), this.#server], {
      cwd: this.folder,
      env: this.#environment,
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#group = group;
    const ended = once(group, "close").then(() => Promise.reject(new Error("it ended; its log is above")));
    await untilAnswers(this.url, ended, this.#timeout);
  }

  /** Ends it at once, as a power failure would. The data stays. */
  async kill() {
    const group = this.#group;
    if (group === undefined) return;
    this.#group = undefined;
    const ended = group.exitCode === null && group.signalCode === null ? once(group, "close") : undefined;
    signalGroup(group, "SIGKILL");
    await ended;
    await untilGone(this.url);
  }

  /** Stops it answering, its connections staying open, as a network that drops everything would. */
  async freeze() {
    signalGroup(this.#group, "SIGSTOP");
  }

  async thaw() {
    signalGroup(this.#group, "SIGCONT");
  }

  /** Runs `rabbitmqctl` on it and resolves with what that printed. */
  async ctl(...args) {
    const file = join(dirname(this.#server), "rabbitmqctl");
    const { code, output } = await capture(file, ["-q", "-n", this.#nodeName, ...args], {
      env: this.#environment,
      cwd: this.folder,
    });
    if (code !== 0) throw new Error(`rabbitmqctl ${args.join(" ")} failed (exit code ${code}):\n${output}`);
    return output;
  }

  /** Ends it and removes its data. */
  async stop() {
    process.off("exit", this.#onExit);
    await this.kill();
    this.#remove();
  }

  /** The end of its log, for whoever has to find out what went wrong. */
  logTail(lines = 25) {
    const logs = ["startup.log", "rabbit.log"].map((name) => read(join(this.folder, name)).trimEnd().split("\n").slice(-lines));
    return logs.flat().join("\n");
  }

  #endNow() {
    signalGroup(this.#group, "SIGKILL");
    this.#remove();
  }

  #remove() {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** Nothing of the user's or the system's RabbitMQ settings, so that every run is the same. */
function nodeEnvironment(server, folder, nodeName, port, distributionPort, epmdPort) {
  return {
    ...programEnvironment(server),
    LANG: "C.UTF-8",
    HOME: folder,
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: String(epmdPort),
    RABBITMQ_NODENAME: nodeName,
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_CONF_ENV_FILE: join(folder, "rabbitmq-env.conf"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_CONFIG_FILES: join(folder, "conf.d", "*.conf"),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, "advanced.config"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: folder,
    RABBITMQ_LOGS: join(folder, "rabbit.log"),
    RABBITMQ_PID_FILE: join(folder, "rabbit.pid"),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: erlangArguments,
  };
}

/** A group that has ended already is what was wanted. */
function signalGroup(group, signal) {
  if (group === undefined || group.exitCode !== null || group.signalCode !== null) return;
  try {
    process.kill(-group.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
