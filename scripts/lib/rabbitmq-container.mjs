import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { untilAnswers } from "./amqp-handshake.mjs";
import { freePorts } from "./free-ports.mjs";
import { capture, step, UserError } from "./processes.mjs";

const image = "rabbitmq:4";

export async function startContainer({ config, plugins, timeout }) {
  if ((await capture("docker", ["image", "inspect", image])).code !== 0) {
    await step(`Fetching the image ${image}`, () => docker("pull", "--quiet", image));
  }
  const [port] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), "ligature-rabbitmq-"));
  writeFileSync(join(folder, "ligature.conf"), `${config}\n`, { mode: 0o644 });
  const ports = `127.0.0.1:${port}:5672`;
  const volume = `${join(folder, "ligature.conf")}:/etc/rabbitmq/conf.d/90-ligature.conf:ro`;
  writeFileSync(join(folder, "enabled_plugins"), `[${plugins.join(",")}].\n`, { mode: 0o644 });
  const enabled = `${join(folder, "enabled_plugins")}:/etc/rabbitmq/enabled_plugins:ro`;
  const volumes = ["--volume", volume, "--volume", enabled];
  const container = await docker("run", "--detach", "--label", "ligature", "--publish", ports, ...volumes, image);
  const rabbitmq = new RabbitmqContainer(container, port, folder, timeout);
  try {
    await rabbitmq.ready();
    return rabbitmq;
  } catch (error) {
    const log = rabbitmq.logTail();
    await rabbitmq.stop();
    throw new UserError(`${log}\n\nRabbitMQ (container of ${image}) did not start: ${error.message}.`, { cause: error });
  }
}

/** The same as a node of our own (rabbitmq-node.mjs), by way of docker's commands. */
class RabbitmqContainer {
  #timeout;
  #onExit = () => {
    spawnSync("docker", ["rm", "--force", "--volumes", this.container], { stdio: "ignore" });
    this.#remove();
  };

  constructor(container, port, folder, timeout) {
    this.container = container;
    this.port = port;
    this.url = `amqp://guest:guest@127.0.0.1:${port}`;
    this.folder = folder;
    this.#timeout = timeout;
    process.on("exit", this.#onExit);
  }

  async start() {
    await docker("start", this.container);
    await this.ready();
  }

  ready() {
    const ended = capture("docker", ["wait", this.container]).then(() => Promise.reject(new Error("it ended; its log is above")));
    return untilAnswers(this.url, ended, this.#timeout);
  }

  async kill() {
    await docker("kill", this.container);
  }

  async freeze() {
    await docker("pause", this.container);
  }

  async thaw() {
    await docker("unpause", this.container);
  }

  ctl(...args) {
    return docker("exec", this.container, "rabbitmqctl", "-q", ...args);
  }

  async stop() {
    process.off("exit", this.#onExit);
    await docker("rm", "--force", "--volumes", this.container);
    this.#remove();
  }

  logTail(lines = 25) {
    const { stdout, stderr } = spawnSync("docker", ["logs", "--tail", String(lines), this.container], { encoding: "utf8" });
    return `${stdout}${stderr}`;
  }

  #remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function docker(...args) {
  const { code, output } = await capture("docker", args);
  if (code !== 0) throw new UserError(`docker ${args.join(" ")} failed (exit code ${code}):\n${output}`);
  return output.trim();
}
