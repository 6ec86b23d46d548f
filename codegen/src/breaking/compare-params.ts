import type { Spot } from "../findings/index.ts";
import type { ManifestParam, ManifestTask } from "../manifest/index.ts";
import type { Changes } from "./changes.ts";
import type { Values } from "./compare-values.ts";
import { defaultOf, isPlain } from "../schema-fit/index.ts";

/** A parameter of both versions. */
interface Pair {
  readonly older: ManifestParam;
  readonly newer: ManifestParam;
  readonly from: number;
  readonly to: number;
}

const bound =
  "Arguments go by their place: of requests that are under way, and of signatures that other services have bound and not yet sent.";

/** Old callers, and messages under way, against new workers: what of the parameters changed. */
export function compareParams(task: Spot, older: ManifestTask, newer: ManifestTask, values: Values, changes: Changes): void {
  const at = (param: ManifestParam): Spot => ({ ...task, within: "params", part: param.name });
  const pairs = pairsOf(older.params, newer.params, values);
  const removed = older.params.filter((param) => !pairs.some((pair) => pair.older === param));
  const added = newer.params.filter((param) => !pairs.some((pair) => pair.newer === param));

  for (const param of removed) {
    changes.add("param-removed", at(param), {
      why: `Older callers send ${older.params.length} argument${older.params.length === 1 ? "" : "s"}; the new version ${isLast(param, older) ? "refuses so many" : "takes those behind it for others"}. ${bound}`,
    });
  }
  if (pairs.some(({ to }, index) => to < (pairs[index - 1]?.to ?? -1))) {
    const order = (params: readonly ManifestParam[]): string => params.map(({ name }) => name).join(", ");
    // Where each place still takes what it took, the compiler has nothing to say: the worst case.
    const silent = older.params.every(({ schema }, index) => {
      const taker = newer.params[index];
      return taker !== undefined && values.mayReplace(schema, taker.schema);
    });
    changes.add(
      "params-reordered",
      { ...task, within: "params" },
      {
        why: `(${order(older.params)}) became (${order(newer.params)})${silent ? ", of types that don't tell them apart" : ""}. ${bound}`,
        ...(silent && { categories: ["WIRE"] }),
      },
    );
  }
  const lastKnown = Math.max(-1, ...pairs.map(({ to }) => to));
  for (const param of added) {
    const index = newer.params.indexOf(param);
    if (index < lastKnown) changes.add("param-inserted", at(param), { why: `Every parameter behind it moved by one. ${bound}` });
    else if (!param.optional) {
      changes.add("param-added-required", at(param), {
        why: `Older callers don't send it, so their requests are refused. ${bound}`,
      });
    }
  }
  const plain = older.params.every(({ schema }) => isPlain(schema, values.older));
  for (const pair of pairs) comparePair(pair, at(pair.newer), plain, values, changes);
}

function comparePair({ older, newer, to }: Pair, spot: Spot, plain: boolean, values: Values, changes: Changes): void {
  if (older.name !== newer.name) {
    changes.add("param-renamed", spot, {
      why: `"${older.name}" became "${newer.name}". TypeScript goes by its place and sees nothing; callers in Python that pass it by name are refused, and its generated wrappers no longer know it.`,
    });
  }
  if (older.optional && !newer.optional) {
    changes.add("param-made-required", spot, { why: "Older callers may leave it out; the new version refuses that." });
  }
  const first =
    to === 0
      ? " As the first parameter it also takes the results of tasks that it is linked behind, from requests that run already."
      : "";
  const [before, after] = [defaultOf(older.schema, values.older), defaultOf(newer.schema, values.newer)];
  // An argument that isn't there stands in no schema.
  const taken = newer.optional && after === undefined ? { ...newer.schema, "x-optional": true } : newer.schema;
  values.argument(older.schema, taken, spot, plain, first);
  if (older.optional && newer.optional && before !== after) {
    changes.add("param-default-changed", spot, {
      why: `Callers that leave it out meant ${inWords(before)}; now they get ${inWords(after)}.`,
    });
  }
}

/** In words; of one that is computed the manifest knows only which function does it. */
function inWords(value: string | undefined): string {
  if (value === undefined) return "nothing";
  return value.includes('"computed') ? "what was computed for each call" : value;
}

/** Parameters of one name belong together; of those left, two at the same place are one that was renamed. */
function pairsOf(older: readonly ManifestParam[], newer: readonly ManifestParam[], values: Values): readonly Pair[] {
  const has = (params: readonly ManifestParam[], { name }: ManifestParam): boolean => params.some((each) => each.name === name);
  return older.flatMap((param, from): readonly Pair[] => {
    const to = newer.findIndex(({ name }) => name === param.name);
    const match = newer[to];
    if (match !== undefined) return [{ older: param, newer: match, from, to }];
    const atPlace = newer[from];
    if (atPlace === undefined || has(older, atPlace)) return [];
    // Another type at the place of another name is another parameter, unless the lists are otherwise the same.
    if (older.length !== newer.length && !values.mayReplace(param.schema, atPlace.schema)) return [];
    return [{ older: param, newer: atPlace, from, to: from }];
  });
}

function isLast(param: ManifestParam, { params }: ManifestTask): boolean {
  return params.at(-1) === param;
}
