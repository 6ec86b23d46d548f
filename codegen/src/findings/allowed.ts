import type { AllowedModel } from "../model/contract-model.ts";
import type { Finding, Spot } from "./finding.ts";
import type { Manifest } from "../manifest/index.ts";

export interface Allowance {
  /** All findings; those that the contract allows carry its reason. */
  readonly findings: readonly Finding[];
  /** Entries of `allow` that allow nothing that was found. */
  readonly unused: readonly UnusedAllowance[];
}

export interface UnusedAllowance {
  readonly spot: Spot;
  /** As it is written in the contract. */
  readonly entry: string;
}

/**
 * Holds findings against what the contracts allow. A finding about a task that exists is the task's to allow,
 * any other the contract's.
 * @param rules the rules that were tried; entries about others are nobody's business here
 * @param options `inherit`: what the contract allows, it allows for all its tasks
 */
export function applyAllowed(
  findings: readonly Finding[],
  manifests: readonly Manifest[],
  rules: ReadonlySet<string>,
  { inherit = false }: { readonly inherit?: boolean } = {},
): Allowance {
  const owners = manifests.flatMap(ownersOf);
  const used = new Set<string>();
  const judged = findings.map((finding): Finding => {
    const { spot, rule } = finding;
    const entries = spot.part === undefined ? [rule] : [`${rule} ${spot.part}`, rule];
    const possible = owners.filter(
      ({ contract, task }) => contract === spot.contract && (task === spot.task || (inherit && task === undefined)),
    );
    // The task's own reason says more than the contract's.
    for (const owner of possible.reverse()) {
      const entry = entries.find((each) => Object.hasOwn(owner.allow, each));
      if (entry === undefined) continue;
      used.add(idOf(owner, entry));
      return { ...finding, allowed: owner.allow[entry] };
    }
    return finding;
  });
  const unused = owners.flatMap((owner) =>
    Object.keys(owner.allow)
      .filter((entry) => rules.has(ruleOf(entry)) && !used.has(idOf(owner, entry)))
      .map((entry) => ({ spot: { contract: owner.contract, task: owner.task }, entry })),
  );
  return { findings: judged, unused };
}

/** The rule that an entry of `allow` is about. */
export function ruleOf(entry: string): string {
  return entry.split(" ")[0] ?? entry;
}

interface Owner {
  readonly contract: string;
  readonly task: string | undefined;
  readonly allow: AllowedModel;
}

function ownersOf({ contract, allow = {}, tasks }: Manifest): readonly Owner[] {
  const ofTasks = Object.values(tasks).map((task) => ({ contract, task: task.key, allow: task.allow ?? {} }));
  return [{ contract, task: undefined, allow }, ...ofTasks];
}

function idOf({ contract, task }: Owner, entry: string): string {
  return JSON.stringify([contract, task, entry]);
}
