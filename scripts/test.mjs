/**
 * `npm test [-- suite…] [-- vitest's own options]`: installs and compiles what is missing, starts a RabbitMQ and
 * a Redis unless AMQP_URL and REDIS_URL name some, runs the suites, and ends with a table.
 */
import "./lib/check-node.mjs";
import { answers as rabbitmqAnswers } from "./lib/amqp-handshake.mjs";
import { prepare, testedProjects } from "./lib/prepare.mjs";
import { startRabbitmq } from "./lib/private-rabbitmq.mjs";
import { startRedis } from "./lib/private-redis.mjs";
import { exitOnSignals, main, UserError } from "./lib/processes.mjs";
import { answers as redisAnswers } from "./lib/redis-handshake.mjs";
import { foldersWithTests, runSuite, suiteLimit } from "./lib/run-suite.mjs";
import { suites } from "./lib/suites.mjs";
import { printSummary } from "./lib/summary.mjs";

const rabbitmq = {
  wanted: (suite) => suite.rabbitmq,
  name: "RabbitMQ",
  variable: "AMQP_URL",
  start: startRabbitmq,
  answers: rabbitmqAnswers,
};
const redis = {
  wanted: (suite) => suite.redis,
  name: "Redis",
  variable: "REDIS_URL",
  start: startRedis,
  answers: redisAnswers,
};

await main(async () => {
  exitOnSignals();
  const { names, vitestArgs } = parseArguments(process.argv.slice(2));
  const limit = suiteLimit();
  const unlisted = foldersWithTests().filter((folder) => !suites.some(({ name }) => name === folder));
  if (unlisted.length > 0) {
    throw new UserError(
      `test/${unlisted[0]}/ has tests that no suite runs: name it in scripts/lib/suites.mjs and test/vitest.config.ts.`,
    );
  }
  // The tests' own types are the check suite's business: one wrong type shall not keep all the others from running.
  await prepare(testedProjects());

  const chosen = suites.filter(({ name }) => names.length === 0 || names.includes(name));
  const services = [];
  try {
    const environment = {};
    for (const { wanted, name, variable, start, answers } of [rabbitmq, redis]) {
      if (!chosen.some(wanted)) continue;
      const service = await findService(name, variable, start, answers);
      services.push(service);
      environment[variable] = service.url;
    }
    const results = [];
    for (const { name } of chosen) {
      console.log(`\n── ${name} ${"─".repeat(60 - name.length)}`);
      results.push(await runSuite(name, { environment, vitestArgs, limit }));
    }
    printSummary(results);
    return results.every((result) => result.failed === 0) ? 0 : 1;
  } finally {
    for (const service of services) await service.stop();
  }
});

async function findService(name, variable, start, answers) {
  const url = process.env[variable];
  if (url === undefined || url === "") return start({ log: console.log });
  try {
    await answers(url);
  } catch (error) {
    throw new UserError(`No ${name} answers at ${variable}: ${error.message}. Unset it to have one started.`, { cause: error });
  }
  console.log(`Using the ${name} that ${variable} names.`);
  return { url, stop: async () => {} };
}

/** Words are suites, and so is what follows `--suite`; everything from the first other option on is vitest's. */
function parseArguments(args) {
  const names = [];
  const known = suites.map((suite) => suite.name);
  let index = 0;
  for (; index < args.length; index++) {
    if (args[index] === "--suite") continue;
    if (args[index].startsWith("-")) break;
    if (!known.includes(args[index])) throw new UserError(`No suite "${args[index]}". There are: ${known.join(", ")}.`);
    names.push(args[index]);
  }
  return { names, vitestArgs: args.slice(index).filter((arg) => arg !== "--") };
}
