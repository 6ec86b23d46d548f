import { applyAllowed, withPlaces, type Current, type Finding, type Manifest, type Report } from "../findings/index.ts";
import type { Baseline } from "./against/index.ts";
import { compareCallbacks, type Versions } from "./callbacks.ts";
import { Changes } from "./changes.ts";
import { compareContracts } from "./compare-contracts.ts";
import { rules } from "./rules.ts";

export interface BreakingOptions {
  readonly cwd: string;
  /** Whether these are all contracts there are, so that others of the baseline are gone. */
  readonly all: boolean;
}

/** Compares contracts with their older versions. Findings come in the order of packages, rules and tasks. */
export async function findBreaking(
  current: readonly Current[],
  baseline: Baseline,
  { cwd, all }: BreakingOptions,
): Promise<Report> {
  const compared: Versions[] = [];
  const notes: string[] = [];
  const findings: Finding[] = [];
  for (const { contract, manifest } of current) {
    const older = await baseline.manifestOf(contract, manifest.contract);
    if (older === undefined) {
      notes.push(`${contract.name}: not in ${baseline.name}, so nothing to compare`);
      continue;
    }
    compared.push({ older, newer: manifest });
    findings.push(...compareContracts(older, manifest));
  }
  const others = await baseline.others();
  findings.push(...compareCallbacks(compared), ...(all ? removed(others) : []));
  const manifests = current.map(({ manifest }) => manifest);
  const judged = applyAllowed(findings, manifests, new Set(Object.keys(rules)));
  const located = withPlaces(current, cwd);
  return {
    command: "breaking",
    findings: await Promise.all(judged.findings.map(located)),
    unused: await Promise.all(judged.unused.map(located)),
    notes,
  };
}

function removed(manifests: readonly Manifest[]): readonly Finding[] {
  const changes = new Changes();
  for (const { contract, package: name, tasks } of manifests) {
    const count = Object.keys(tasks).length;
    changes.add(
      "contract-removed",
      { contract },
      {
        why: `The package ${name} is gone, and with it ${count} task${count === 1 ? "" : "s"}: imports find nothing, and requests find no handler.`,
      },
    );
  }
  return changes.findings;
}
