import type { TestProject } from "vitest/node";
import { missingPrograms, missingText } from "../../scripts/lib/programs.mjs";
import { programsOf, suites, urlVariables } from "../../scripts/lib/suites.mjs";

/** Tests that need a program or a service fail without it; they are not skipped. `npm test` has everything ready. */
export async function setup({ name }: TestProject): Promise<void> {
  const suite = suites.find((each) => each.name === name);
  if (suite === undefined) throw new Error(`scripts/lib/suites.mjs doesn't list the suite ${name}.`);
  const problems = (await missingPrograms(programsOf(suite))).map(missingText);
  for (const service of suite.services ?? []) {
    if (process.env[urlVariables[service]]) continue;
    problems.push(`${urlVariables[service]} isn't set. To have one started for a while: node scripts/${service}.mjs`);
  }
  if (problems.length > 0) {
    throw new Error(`What the suite ${name} needs isn't there; \`npm test -- ${name}\` sees to it.\n${problems.join("\n")}`);
  }
}
