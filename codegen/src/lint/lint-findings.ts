import { placeOf, type Finding, type Spot } from "../findings/index.ts";
import type { Manifest } from "../manifest/index.ts";
import { lintRules, type LintRule, type LintRuleName } from "./lint-rules.ts";

/** A rule: looks at one contract, and at all that are known beside it. */
export type Check = (manifest: Manifest, found: LintFindings, all: readonly Manifest[]) => void;

/** Collects what the rules find. */
export class LintFindings {
  readonly #found: Finding[] = [];

  get findings(): readonly Finding[] {
    return this.#found;
  }

  add(rule: LintRuleName, spot: Spot, why: string, severity?: LintRule["severity"]): void {
    const { severity: usual, fix } = lintRules[rule];
    this.#found.push({ rule, severity: severity ?? usual, categories: [], spot, place: placeOf(spot), why, fix });
  }
}
