/**
 * `npm test [-- suite…] [-- vitest's own options]`: installs and compiles what is missing, for all chosen suites at
 * once, starts a RabbitMQ and a Redis unless AMQP_URL and REDIS_URL name some, runs the suites, and ends with a table.
 */
import "./lib/check-node.mjs";
import { answers as rabbitmqAnswers } from "./lib/amqp-handshake.mjs";
import { prepare, testedProjects } from "./lib/prepare.mjs";
import { startRabbitmq } from "./lib/private-rabbitmq.mjs";
import { startRedis } from "./lib/private-redis.mjs";
import { exitOnSignals, main, UserError } from "./lib/processes.mjs";
import { installPrograms, missingText } from "./lib/programs.mjs";
import { answers as redisAnswers } from "./lib/redis-handshake.mjs";
import { foldersWithTests, runSuite, suiteLimit, withoutPrograms } from "./lib/run-suite.mjs";
import { programsOf, suites, urlVariables } from "./lib/suites.mjs";
import { printSummary } from "./lib/summary.mjs";

const services = {
  rabbitmq: { name: "RabbitMQ", start: startRabbitmq, answers: rabbitmqAnswers },
  redis: { name: "Redis", start: startRedis, answers: redisAnswers },
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
  const missing = await installPrograms([...new Set(chosen.flatMap(programsOf))]);
  for (const name of missing) console.log(missingText(name));
  const lackedBy = (suite) => programsOf(suite).filter((name) => missing.includes(name));
  const started = [];
  try {
    const environment = {};
    const wanted = new Set(chosen.filter((suite) => lackedBy(suite).length === 0).flatMap((suite) => suite.services ?? []));
    for (const service of wanted) {
      const { url, stop } = await findService(services[service], urlVariables[service]);
      started.push(stop);
      environment[urlVariables[service]] = url;
    }
    const results = [];
    for (const suite of chosen) {
      console.log(`\n── ${suite.name} ${"─".repeat(60 - suite.name.length)}`);
      const lacked = lackedBy(suite);
      const work = { environment, vitestArgs, limit };
      results.push(lacked.length > 0 ? withoutPrograms(suite.name, lacked) : await runSuite(suite.name, work));
    }
    printSummary(results);
    return results.every((result) => result.failed === 0) ? 0 : 1;
  } finally {
    for (const stop of started) await stop();
  }
});

async function findService({ name, start, answers }, variable) {
  const url = process.env[variable];
  if (url === undefined || url === "") {
    const service = await start({ log: console.log });
    return { url: service.url, stop: () => service.stop() };
  }
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
