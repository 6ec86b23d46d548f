import { applyAllowed, inSourceOrder, type Finding, type Report } from "../findings/index.ts";
import { inFirstForm, saysAll, type Current, type Manifest } from "../manifest/index.ts";
import type { Baseline } from "./against/index.ts";
import { compareCallbacks, type Versions } from "./compare-callbacks.ts";
import { Changes } from "./changes.ts";
import { compareContracts } from "./compare-contracts.ts";
import { rules } from "./breaking-rules.ts";

export interface BreakingOptions {
  readonly cwd: string;
  /** Whether these are all contracts there are, so that others of the baseline are gone. */
  readonly all: boolean;
}

/** Compares contracts with their older versions. Findings come in the order of the packages and their source. */
export async function findBreaking(
  current: readonly Current[],
  baseline: Baseline,
  { cwd, all }: BreakingOptions,
): Promise<Report> {
  const compared: Versions[] = [];
  const notes: string[] = [];
  for (const { contract, manifest } of current) {
    const older = await baseline.manifestOf(contract, manifest.contract);
    if (older !== undefined) {
      compared.push({ older, newer: saysAll(older) ? manifest : inFirstForm(manifest) });
      if (!saysAll(older)) {
        notes.push(
          `${contract.name}: the manifest in ${baseline.name} was written by an older @ligature/codegen, which says nothing of refinements, transforms, catches and bounds of Dates and bigints; look at those by hand, this once`,
        );
      }
    }
    if (older === undefined && baseline.isWhole) notes.push(`${contract.name} is new: it isn't in ${baseline.name}`);
  }
  const others = await baseline.others();
  const findings = breakingChanges(compared, all ? others : []);
  const manifests = current.map(({ manifest }) => manifest);
  const judged = applyAllowed(findings, manifests, new Set(Object.keys(rules)));
  return {
    command: "breaking",
    findings: await inSourceOrder(judged.findings, current, cwd),
    unused: await inSourceOrder(judged.unused, current, cwd),
    notes,
  };
}

/** All that breaks between the two versions of each contract; `gone` has no newer version. */
export function breakingChanges(compared: readonly Versions[], gone: readonly Manifest[] = []): readonly Finding[] {
  return [
    ...compared.flatMap(({ older, newer }) => compareContracts(older, newer)),
    ...compareCallbacks(compared),
    ...removed(gone),
  ];
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
