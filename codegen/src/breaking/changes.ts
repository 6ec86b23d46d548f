import { placeOf, type Finding, type Spot } from "../findings/index.ts";
import { rules, type Category, type RuleName } from "./breaking-rules.ts";

interface Details {
  readonly why: string;
  /** @default all of the rule's */
  readonly categories?: readonly Category[];
  /** Inside the part: `.options.strict`. */
  readonly path?: string;
}

/** Collects findings of one comparison. */
export class Changes {
  readonly #found: Finding[] = [];

  get findings(): readonly Finding[] {
    return this.#found;
  }

  add(rule: RuleName, spot: Spot, { why, categories, path = "" }: Details): void {
    const { categories: all, fix } = rules[rule];
    this.#found.push({ rule, severity: "error", categories: categories ?? all, spot, place: placeOf(spot, path), why, fix });
  }
}
