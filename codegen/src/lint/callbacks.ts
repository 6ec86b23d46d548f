import { SchemaFit } from "../evolution/schema/index.ts";
import type { Manifest, ManifestTask } from "../findings/index.ts";
import type { Check } from "./findings.ts";

/** How people call tasks that are linked behind others, and what they write about them. */
const callbackName = /^(?:on|after|when)[A-Z]/;
const callbackWords = /\b(?:linked?|callback)\b/i;

/**
 * A task that looks like a callback, by its name or its comment, or because its first parameter is nearly what some
 * task returns; and none of the known tasks returns something that fits.
 */
export const callbacks: Check = (manifest, found, all) => {
  for (const task of Object.values(manifest.tasks)) {
    const [first] = task.params;
    if (first === undefined) continue;
    const results = all.flatMap((parent) =>
      Object.values(parent.tasks).flatMap((each) =>
        each.returns === null || each === task ? [] : [judge(parent, each, manifest, task)],
      ),
    );
    if (results.some(({ fits }) => fits)) continue;
    const near = results.filter(({ isNear }) => isNear).sort((a, b) => b.shared - a.shared)[0];
    const isCallback = callbackName.test(task.key) || callbackWords.test(task.description ?? "");
    if (near === undefined && !(isCallback && results.length > 0)) continue;
    const spot = { contract: manifest.contract, task: task.key, within: "params", part: first.name } as const;
    found.add(
      "callback-unfed",
      spot,
      near === undefined
        ? "It looks like a callback, and no task of the contracts that are known here returns what it takes first: a link would not compile."
        : `It nearly is what ${near.name} returns, and can't be linked behind it: ${near.why}.`,
    );
  }
};

interface Judgement {
  readonly name: string;
  readonly fits: boolean;
  /** Whether the two have so many keys in common that one must have been meant for the other. */
  readonly isNear: boolean;
  readonly shared: number;
  readonly why: string;
}

function judge(parent: Manifest, { key, returns }: ManifestTask, child: Manifest, { params }: ManifestTask): Judgement {
  const fit = new SchemaFit({ from: parent.$defs, to: child.$defs, level: "values", travels: "results" });
  const [result, parameter] = [returns ?? {}, params[0]?.schema ?? {}];
  const misfits = fit.misfits(result, parameter);
  const [[given, ...more] = [], [taken, ...others] = []] = [fit.alternatives(result, "from"), fit.alternatives(parameter, "to")];
  const isSingle = given !== undefined && taken !== undefined && more.length === 0 && others.length === 0;
  const mine = Object.keys(given?.properties ?? {});
  const theirs = Object.keys(taken?.properties ?? {});
  const shared = mine.filter((name) => theirs.includes(name)).length;
  return {
    name: `${parent.contract}.${key}`,
    fits: misfits.every(({ kind }) => kind === "dropped"),
    isNear: isSingle && shared >= 2 && shared * 3 >= 2 * Math.max(mine.length, theirs.length),
    shared,
    why: misfits.map(({ path, why }) => `${path === "" ? "" : `${path}: `}${why}`).join("; "),
  };
}
