import { applyAllowed, inSourceOrder, type Report } from "../findings/index.ts";
import type { Current, Manifest } from "../manifest/index.ts";
import { callbacks } from "./callback-rules.ts";
import { LintFindings, type Check } from "./lint-findings.ts";
import { unboundedParams } from "./param-rules.ts";
import { pythonNames } from "./python-rules.ts";
import { queueNames, sharedQueues } from "./queue-rules.ts";
import { lintRules } from "./lint-rules.ts";
import { allowances, deadlines, descriptions, retries } from "./task-rules.ts";

const checks: readonly Check[] = [
  descriptions,
  unboundedParams,
  queueNames,
  sharedQueues,
  deadlines,
  retries,
  callbacks,
  pythonNames,
  allowances,
];

/** What the rules have against contracts, in the order of the contracts and of the rules. */
export function findLint(manifests: readonly Manifest[], all: readonly Manifest[]): LintFindings {
  const found = new LintFindings();
  for (const manifest of manifests) for (const check of checks) check(manifest, found, all);
  return found;
}

/**
 * @param current the contracts to look at
 * @param all every contract of the workspace: what is linked, and who shares a queue, shows only in all of them
 */
export async function lint(current: readonly Current[], all: readonly Current[], cwd: string): Promise<Report> {
  const manifests = current.map(({ manifest }) => manifest);
  const { findings } = findLint(
    manifests,
    all.map(({ manifest }) => manifest),
  );
  const rules = new Set(Object.keys(lintRules));
  const judged = applyAllowed(findings, manifests, rules, { inherit: true });
  return {
    command: "lint",
    findings: await inSourceOrder(judged.findings, current, cwd),
    unused: await inSourceOrder(judged.unused, current, cwd),
    notes: [],
  };
}
