/**
 * A RabbitMQ of one's own: started for a test run or a developer, on ports and with data of its own, reachable
 * from this machine only, gone afterwards. Comes from the machine's own RabbitMQ, else from a container.
 */
import { UserError } from "./processes.mjs";
import { findDocker, findRabbitmq, missingText } from "./programs.mjs";
import { startContainer } from "./rabbitmq-container.mjs";
import { startNode } from "./rabbitmq-node.mjs";

/**
 * Starts one and resolves when it answers; the caller stops it. `log` hears in a line what is done.
 * @param {import("./private-rabbitmq.d.mts").RabbitmqOptions} options
 */
export async function startRabbitmq({
  log = () => {},
  config = "",
  plugins = [],
  timeout = 120_000,
  server = findRabbitmq(),
} = {}) {
  if (server !== undefined) {
    const rabbitmq = await startNode({ server, config, plugins, timeout });
    log(`Started a private RabbitMQ (${server}) on port ${rabbitmq.port}; data in ${rabbitmq.folder}`);
    return rabbitmq;
  }
  if ((await findDocker()) !== undefined) {
    const rabbitmq = await startContainer({ config, plugins, timeout });
    log(`Started a private RabbitMQ (container ${rabbitmq.container.slice(0, 12)}) on port ${rabbitmq.port}`);
    return rabbitmq;
  }
  throw new UserError(missingText("rabbitmq"));
}
