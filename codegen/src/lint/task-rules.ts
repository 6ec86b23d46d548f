import { ruleOf } from "../findings/index.ts";
import type { Manifest } from "../manifest/index.ts";
import { rules as breakingRules } from "../breaking/index.ts";
import type { Check } from "./lint-findings.ts";
import { lintRules } from "./lint-rules.ts";

/** A call that is awaited gives up after this long unless it says otherwise (`rpcTimeout` of an app). */
const callTimeout = 30_000;

export const descriptions: Check = ({ contract, tasks }, found) => {
  for (const { key, description, deprecated } of Object.values(tasks)) {
    if (description === undefined && deprecated === undefined) {
      found.add(
        "task-undescribed",
        { contract, task: key },
        "Users see the comment in their editors; without one they have to ask or to guess.",
      );
    }
    if (deprecated === true) {
      found.add(
        "deprecated-without-hint",
        { contract, task: key },
        "Users see it struck through and don't know what to do about it.",
      );
    }
  }
};

export const retries: Check = ({ contract, tasks }, found) => {
  const warning =
    /\b(?:not|non|isn't|never)[ -]idempotent\b|\b(?:exactly|only|at most) once\b|\bmust not (?:run|be run|happen) twice\b/i;
  for (const { key, description = "", retry } of Object.values(tasks)) {
    const said = warning.exec(description);
    if (said !== null && retry !== undefined && retry.limit > 0) {
      found.add(
        "retry-not-idempotent",
        { contract, task: key },
        `Its comment says "${said[0]}", and a failed run is repeated up to ${retry.limit} times.`,
      );
    }
  }
};

export const deadlines: Check = (manifest, found, all) => {
  const { contract, tasks, $defs } = manifest;
  const linked = new Set(all.flatMap(firstParameters));
  for (const { key, returns, ignoreResult, progress, timeLimit, description = "" } of Object.values(tasks)) {
    const limit = timeLimit?.hard ?? timeLimit?.soft ?? 0;
    if (returns === null || ignoreResult || limit <= callTimeout) continue;
    // Who reports progress, or is linked, isn't meant to be awaited; a name on both sides is how a link looks.
    const name = typeof returns["$ref"] === "string" ? returns["$ref"] : undefined;
    if (progress !== null || (name !== undefined && name.replace("#/$defs/", "") in $defs && linked.has(name))) continue;
    if (/\.delay\(|\.with\(|\btimeout\b|\blinked?\b/i.test(description)) continue;
    found.add(
      "rpc-over-deadline",
      { contract, task: key },
      `It may run for ${limit / 1000} s; a plain call of it gives up after ${callTimeout / 1000} s, and the task goes on for nobody.`,
    );
  }
};

function firstParameters({ tasks }: Manifest): readonly string[] {
  return Object.values(tasks).flatMap(({ params: [first] }) => {
    const name = first?.schema["$ref"];
    return typeof name === "string" ? [name] : [];
  });
}

export const allowances: Check = ({ contract, allow = {}, tasks }, found) => {
  const known = new Set([...Object.keys(lintRules), ...Object.keys(breakingRules)]);
  const owners = [
    { task: undefined, allow },
    ...Object.values(tasks).map((task) => ({ task: task.key, allow: task.allow ?? {} })),
  ];
  for (const owner of owners) {
    for (const entry of Object.keys(owner.allow)) {
      if (known.has(ruleOf(entry))) continue;
      found.add(
        "allow-unknown",
        { contract, task: owner.task, part: undefined },
        `There is no rule "${ruleOf(entry)}", so this allows nothing.`,
      );
    }
  }
};
