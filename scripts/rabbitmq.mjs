/** `node scripts/rabbitmq.mjs`: a private RabbitMQ until Ctrl-C. Prints its URL as a line for a shell. */
import "./lib/check-node.mjs";
import { startRabbitmq } from "./lib/private-rabbitmq.mjs";
import { exitOnSignals, main } from "./lib/processes.mjs";
import { requirePrograms } from "./lib/programs.mjs";

await main(async () => {
  exitOnSignals();
  await requirePrograms(["rabbitmq"]);
  const rabbitmq = await startRabbitmq({ log: (line) => console.error(line) });
  console.log(`export AMQP_URL=${rabbitmq.url}`);
  console.error("Ctrl-C stops it and removes its data.");
  await new Promise(() => {});
});
