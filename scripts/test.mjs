/**
 * `npm test [-- suite…] [-- vitest's own options]`: installs and compiles what is missing, for all chosen suites at
 * once, starts a RabbitMQ and a Redis unless AMQP_URL and REDIS_URL name some, runs the suites, and ends with a table.
 */
import "./lib/check-node.mjs";
import { whyNoRoot } from "./lib/debian-root.mjs";
import { prepare, testedProjects } from "./lib/prepare.mjs";
import { exitOnSignals, main, UserError } from "./lib/processes.mjs";
import { installPrograms, missingText } from "./lib/programs.mjs";
import { foldersWithTests, notRun, runSuite, suiteLimit } from "./lib/run-suite.mjs";
import { openNewerServices, openServices } from "./lib/services.mjs";
import { programsOf, suites } from "./lib/suites.mjs";
import { printSummary } from "./lib/summary.mjs";

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
  const noRoot = chosen.some(({ inRoot, name }) => inRoot && names.includes(name)) ? await whyNoRoot() : undefined;
  const isWanted = (suite) => suite.onlyWhenNamed === undefined || names.includes(suite.name);
  const wanted = chosen.filter((suite) => isWanted(suite) && (!suite.inRoot || noRoot === undefined));
  const missing = await installPrograms([...new Set(wanted.flatMap(programsOf))]);
  const reasonsAgainst = (suite) =>
    !isWanted(suite)
      ? [suite.onlyWhenNamed]
      : suite.inRoot && noRoot !== undefined
        ? [noRoot]
        : programsOf(suite)
            .filter((name) => missing.includes(name))
            .map(missingText);
  const able = wanted.filter((suite) => reasonsAgainst(suite).length === 0);
  const services = await openServices(new Set(able.flatMap((suite) => suite.services ?? [])));
  try {
    const run = async (suite, options = {}) => {
      if (!options.quietly) console.log(heading(suite));
      const reasons = reasonsAgainst(suite);
      // What was asked for by its name and can't be done has failed.
      if (reasons.length > 0) return notRun(suite.name, reasons, !suite.inRoot || names.includes(suite.name));
      if (suite.inRoot) return runInRoot(suite, { vitestArgs, limit });
      return runSuite(suite, { environment: services.environment, vitestArgs, limit, ...options });
    };
    const results = await inTwoLanes([...chosen], run);
    printSummary(results);
    return results.every((result) => result.failed === 0) ? 0 : 1;
  } finally {
    await services.stop();
  }
});

function heading({ name }) {
  return `\n── ${name} ${"─".repeat(60 - name.length)}`;
}

/**
 * Suites that mostly wait run one after the other beside those that compute, and take the last of the latter when they are
 * done; what they print is shown at the end.
 */
async function inTwoLanes(chosen, run) {
  const waiting = chosen.filter(({ waits }) => waits);
  if (waiting.length === 0 || waiting.length === chosen.length) return oneByOne(() => chosen.shift(), run);
  const computing = chosen.filter(({ waits }) => !waits);
  const beside = oneByOne(
    () => waiting.shift() ?? computing.pop(),
    (suite) => run(suite, { quietly: true }),
  );
  // It is awaited later.
  beside.catch(() => {});
  const computed = await oneByOne(() => computing.shift(), run);
  const waited = await beside;
  for (const result of waited) console.log(`${heading(result)}\n${result.output ?? result.problems.join("\n")}`);
  return chosen.map(({ name }) => [...computed, ...waited].find((result) => result.name === name));
}

async function oneByOne(next, run) {
  const results = [];
  for (let suite = next(); suite !== undefined; suite = next()) results.push(await run(suite));
  return results;
}

async function runInRoot(suite, options) {
  const { environment, stop } = await openNewerServices();
  try {
    return await runSuite(suite, { ...options, environment });
  } finally {
    await stop();
  }
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
