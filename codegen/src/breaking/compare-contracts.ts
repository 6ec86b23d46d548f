import type { Finding, Spot } from "../findings/index.ts";
import type { Manifest, ManifestTask } from "../manifest/index.ts";
import type { QueueModel } from "../model/contract-model.ts";
import { Changes } from "./changes.ts";
import { compareAnswers } from "./compare-answers.ts";
import { compareDelivery } from "./compare-delivery.ts";
import { compareParams } from "./compare-params.ts";
import { Values } from "./compare-values.ts";

/** What changed between two versions of a contract so that somebody who has the older one breaks. */
export function compareContracts(older: Manifest, newer: Manifest): readonly Finding[] {
  const changes = new Changes();
  const contract: Spot = { contract: newer.contract };
  const values = new Values(older.$defs, newer.$defs, changes);
  compareHeads(contract, older, newer, changes);
  for (const [name, task] of Object.entries(older.tasks)) {
    const match = matchOf(name, task, older, newer);
    if (match === undefined) {
      changes.add(
        "task-removed",
        { ...contract, part: task.key },
        {
          why: `Calls of "${name}" no longer compile; running callers, requests in queues, delayed ones${older.runtime === "celery" ? "" : ` and those in "${task.queue}.dead"`} find no handler (NOT_REGISTERED), and so do signatures that other services have bound.`,
        },
      );
      continue;
    }
    const spot: Spot = { ...contract, task: match.task.key };
    if (match.name !== name) {
      changes.add("wire-name-changed", spot, {
        why: `"${name}" became "${match.name}": older callers, requests under way and bound signatures find no handler (NOT_REGISTERED).`,
      });
    }
    if (match.task.key !== task.key) {
      changes.add("task-renamed", spot, {
        why: `The stub "${task.key}" is called "${match.task.key}" now; messages don't notice.`,
      });
    }
    compareTaskQueue(spot, [older, task], [newer, match.task], changes);
    compareParams(spot, task, match.task, values, changes);
    compareAnswers(spot, task, match.task, values, changes);
    compareDelivery(spot, task, match.task, changes);
  }
  return changes.findings;
}

/** The same task is that of the same wire name, or else of the same key. */
function matchOf(
  name: string,
  { key }: ManifestTask,
  older: Manifest,
  newer: Manifest,
): { readonly name: string; readonly task: ManifestTask } | undefined {
  const same = newer.tasks[name];
  if (same !== undefined) return { name, task: same };
  const [found] = Object.entries(newer.tasks).filter(([other, task]) => task.key === key && !Object.hasOwn(older.tasks, other));
  return found === undefined ? undefined : { name: found[0], task: found[1] };
}

function compareHeads(contract: Spot, older: Manifest, newer: Manifest, changes: Changes): void {
  if (older.package !== newer.package) {
    changes.add("package-renamed", contract, {
      why: `"${older.package}" became "${newer.package}": imports of it find nothing.`,
    });
  }
  if (older.contract !== newer.contract) {
    changes.add("contract-renamed", contract, {
      why: `"${older.contract}" became "${newer.contract}": so did what the package exports.`,
    });
  }
  if (older.runtime !== newer.runtime) {
    changes.add("runtime-changed", contract, {
      why: `"${older.runtime}" became "${newer.runtime}": the two declare the queue "${newer.queue.name}" differently, so whoever comes second is refused (QUEUE_MISMATCH), and running callers address it as the old one did.`,
    });
  }
  if (older.queue.name !== newer.queue.name)
    changes.add("queue-moved", contract, { why: moved(older.queue.name, newer.queue.name) });
  else if (older.queue.maxLength !== undefined && newer.queue.maxLength === undefined) {
    const { name } = newer.queue;
    changes.add("queue-moved", contract, {
      why: `"${name}" has no maxLength any more: older callers send to its entry "${name}.entry", where requests wait already, and which new workers don't read.`,
    });
  }
  const redeclared = older.runtime === newer.runtime ? redeclaredAs(older, newer) : [];
  if (redeclared.length > 0) {
    const own = [...new Set(Object.values(newer.tasks).map(({ queue }) => queue))].filter((name) => usesQueue(older, name));
    if (own.length > 0) {
      changes.add("queue-redeclared", contract, {
        why: `${redeclared.join(", ")}: RabbitMQ refuses to declare ${own.map((name) => `"${name}"`).join(", ")} again with other properties (406, QUEUE_MISMATCH), so new workers and new callers can't start where the queue exists.`,
      });
    }
  }
  compareTypes(contract, older, newer, changes);
}

function usesQueue({ tasks }: Manifest, name: string): boolean {
  return Object.values(tasks).some(({ queue }) => queue === name);
}

/** Of a queue that Celery declares, only its priorities are declared here; of the others, what becomes an argument. */
function redeclaredAs(older: Manifest, newer: Manifest): readonly string[] {
  const relevant: readonly (keyof QueueModel)[] =
    newer.runtime === "celery"
      ? ["maxPriority"]
      : newer.queue.type === "quorum" && older.queue.type === "quorum"
        ? ["type", "deliveryLimit", "maxLength"]
        : ["type", "maxPriority", "maxLength"];
  return (
    relevant
      .filter((property) => older.queue[property] !== newer.queue[property])
      // Without it there is no entry: the queue itself is the same.
      .filter(
        (property) => property !== "maxLength" || (older.queue.maxLength !== undefined && newer.queue.maxLength !== undefined),
      )
      .map((property) => `${property} ${older.queue[property] ?? "none"} became ${newer.queue[property] ?? "none"}`)
  );
}

/** A task that follows the contract's queue has moved with it, which has been said. */
function compareTaskQueue(
  spot: Spot,
  [older, before]: readonly [Manifest, ManifestTask],
  [newer, after]: readonly [Manifest, ManifestTask],
  changes: Changes,
): void {
  const followed = before.queue === older.queue.name && after.queue === newer.queue.name;
  if (before.queue !== after.queue && !followed) changes.add("queue-moved", spot, { why: moved(before.queue, after.queue) });
}

function moved(from: string, to: string): string {
  return `"${from}" became "${to}": older callers and bound signatures send to the old queue, where requests wait already, delayed ones arrive and dead-lettered ones return to, and which new workers don't read.`;
}

function compareTypes(contract: Spot, older: Manifest, newer: Manifest, changes: Changes): void {
  const kept = new Set(Object.values(newer.types).flatMap(({ output, input }) => [output, input]));
  const gone = new Set(
    Object.values(older.types)
      .flatMap(({ output, input }) => [output, input])
      .filter((name) => !kept.has(name)),
  );
  for (const name of gone) {
    changes.add(
      "type-removed",
      { ...contract, part: name },
      { why: `Code that imports the type "${name}" stops compiling; messages don't notice.` },
    );
  }
}
