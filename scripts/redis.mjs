/** `node scripts/redis.mjs`: a private Redis until Ctrl-C. Prints its URL as a line for a shell. */
import "./lib/check-node.mjs";
import { startRedis } from "./lib/private-redis.mjs";
import { exitOnSignals, main } from "./lib/processes.mjs";
import { requirePrograms } from "./lib/programs.mjs";

await main(async () => {
  exitOnSignals();
  await requirePrograms(["redis"]);
  const redis = await startRedis({ log: (line) => console.error(line) });
  console.log(`export REDIS_URL=${redis.url}`);
  console.error("Ctrl-C stops it; what it holds is gone then.");
  await new Promise(() => {});
});
