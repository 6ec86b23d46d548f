/**
 * `npm run bench [-- workload…] [-- options]`: installs and compiles what is missing, starts a RabbitMQ if
 * AMQP_URL names none, and measures Ligature against hand-written amqplib code. `-- --help` lists the workloads.
 */
import "./lib/check-node.mjs";
import { join } from "node:path";
import { prepare } from "./lib/prepare.mjs";
import { startRabbitmq } from "./lib/private-rabbitmq.mjs";
import { cleanEnvironment, exitOnSignals, main, root, show } from "./lib/processes.mjs";
import { requirePrograms } from "./lib/programs.mjs";

await main(async () => {
  exitOnSignals();
  await prepare(["bench"]);
  const program = [join(root, "bench", "dist", "main.js"), ...process.argv.slice(2)];
  if (process.env["AMQP_URL"] || process.argv.includes("--help")) return show(process.execPath, program);
  await requirePrograms(["rabbitmq"]);
  const rabbitmq = await startRabbitmq({ log: console.error });
  try {
    return await show(process.execPath, program, { env: cleanEnvironment({ AMQP_URL: rabbitmq.url }) });
  } finally {
    await rabbitmq.stop();
  }
});
