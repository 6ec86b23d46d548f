import type { Link, LinkKind, UsagePlace, UsageReport, UseKind } from "../usage/index.ts";

/** Files of one package. */
export interface Whereabouts {
  /** Empty for a package without a name. */
  readonly by: string;
  readonly files: readonly string[];
}

export interface LinkFact {
  readonly kind: LinkKind;
  readonly parent: string | null;
  readonly callback: string;
  readonly where: readonly Whereabouts[];
}

/** What reports of several repositories say together, in an order that doesn't depend on theirs. */
export class UsageFacts {
  readonly #reports: readonly UsageReport[];
  readonly links: readonly LinkFact[];

  constructor(reports: readonly UsageReport[]) {
    // A test is no caller: nothing of it runs in production.
    const inProgram = ({ test }: UsagePlace): boolean => test !== true;
    this.#reports = reports.map(({ uses, links, unresolved, ...report }) => ({
      ...report,
      uses: uses.filter(inProgram),
      links: links.filter(inProgram),
      unresolved: unresolved.filter(inProgram),
    }));
    const links = this.#reports.flatMap((report) => report.links);
    const groups = groupBy(links, ({ kind, parent, callback }) => JSON.stringify([parent ?? "", callback, kind]));
    this.links = groups.flatMap((group: readonly Link[]) => {
      const [first] = group;
      if (first === undefined) return [];
      return [{ kind: first.kind, parent: first.parent, callback: first.callback, where: whereabouts(group) }];
    });
  }

  get isEmpty(): boolean {
    return this.#reports.length === 0;
  }

  /** Packages that the reports look into. */
  get packages(): readonly string[] {
    const places = this.#reports.flatMap(({ uses, links, unresolved }): readonly UsagePlace[] => [
      ...uses,
      ...links,
      ...unresolved,
    ]);
    return [...new Set(places.map(({ by }) => by))].filter((by) => by !== "").sort();
  }

  /** How many places the reports couldn't make out. */
  get unresolved(): number {
    return this.#reports.flatMap(({ unresolved }) => unresolved).length;
  }

  usesOf(task: string, ...kinds: readonly UseKind[]): readonly Whereabouts[] {
    return whereabouts(this.#reports.flatMap(({ uses }) => uses.filter((use) => use.task === task && kinds.includes(use.kind))));
  }

  linksBehind(task: string): readonly LinkFact[] {
    return this.links.filter(({ parent }) => parent === task);
  }

  parentsOf(task: string): readonly LinkFact[] {
    return this.links.filter(({ callback }) => callback === task);
  }
}

/** Without lines: a catalogue that changes with every line above a call would be read by nobody. */
function whereabouts(places: readonly UsagePlace[]): readonly Whereabouts[] {
  return groupBy(places, ({ by }) => by).map((group) => ({
    by: group[0]?.by ?? "",
    files: [...new Set(group.map(({ file }) => file))].sort(),
  }));
}

/** Groups in the order of their keys. */
function groupBy<T>(things: readonly T[], keyOf: (thing: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const thing of things) groups.set(keyOf(thing), [...(groups.get(keyOf(thing)) ?? []), thing]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
