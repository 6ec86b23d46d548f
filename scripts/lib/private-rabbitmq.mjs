/**
 * A RabbitMQ of one's own: started for a test run or a developer, on ports and with data of its own, reachable
 * from this machine only, gone afterwards. Comes from the machine's own RabbitMQ, else from Debian's package,
 * else from a container.
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { canInstallDebianPackages, installDebianPackages } from "./debian.mjs";
import { capture, UserError } from "./processes.mjs";
import { startContainer } from "./rabbitmq-container.mjs";
import { startNode } from "./rabbitmq-node.mjs";

/**
 * Starts one and resolves when it answers; the caller stops it. `log` hears in a line what is done.
 * @param {import("./private-rabbitmq.d.mts").RabbitmqOptions} options
 */
export async function startRabbitmq({ log = () => {}, config = "", timeout = 120_000 } = {}) {
  let server = findServer();
  if (server === undefined && canInstallDebianPackages()) {
    await installDebianPackages(["rabbitmq-server"], ["rabbitmq-server"]);
    server = findServer();
  }
  if (server !== undefined) {
    const rabbitmq = await startNode({ server, config, timeout });
    log(`Started a private RabbitMQ (${server}) on port ${rabbitmq.port}; data in ${rabbitmq.folder}`);
    return rabbitmq;
  }
  if ((await capture("docker", ["info"])).code === 0) {
    const rabbitmq = await startContainer({ config, timeout });
    log(`Started a private RabbitMQ (container ${rabbitmq.container.slice(0, 12)}) on port ${rabbitmq.port}`);
    return rabbitmq;
  }
  throw new UserError(
    "No RabbitMQ: install one (Debian and Ubuntu: apt-get install rabbitmq-server; macOS: brew install rabbitmq), start Docker, " +
      "or set AMQP_URL to one that is running, such as AMQP_URL=amqp://guest:guest@localhost:5672.",
  );
}

/**
 * RabbitMQ's own start script. Debian's `rabbitmq-server` on the PATH is a wrapper that only root and the user
 * `rabbitmq` may call and that serves the system's node, so the script behind it is preferred.
 */
function findServer() {
  const folders = [
    "/usr/lib/rabbitmq/bin",
    ...(process.env["PATH"] ?? "").split(delimiter),
    "/opt/homebrew/sbin",
    "/usr/local/sbin",
  ];
  return folders.map((folder) => join(folder, "rabbitmq-server")).find((file) => existsSync(file));
}
