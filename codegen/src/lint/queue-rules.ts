import type { Manifest, ManifestTask } from "../manifest/index.ts";
import type { Check, LintFindings } from "./lint-findings.ts";

export const queueNames: Check = (manifest, found) => {
  const { contract, queue, tasks, runtime } = manifest;
  checkName(queue.name, undefined, manifest, found);
  const own = Object.values(tasks).filter((task) => task.queue !== queue.name);
  for (const task of own) checkName(task.queue, task, manifest, found);
  for (const { key, priority } of Object.values(tasks)) {
    // Of Ligature's own queues, contract() has seen to it.
    if (runtime !== "celery" || priority === undefined || queue.maxPriority !== undefined) continue;
    found.add(
      "priority-without-queue",
      { contract, task: key },
      `RabbitMQ takes no notice of the priority ${priority}: a queue has priorities only if it is declared with x-max-priority.`,
    );
  }
};

function checkName(name: string, task: ManifestTask | undefined, { contract, runtime }: Manifest, found: LintFindings): void {
  const spot = { contract, task: task?.key };
  if (name.endsWith(".dead")) {
    found.add(
      "queue-name",
      spot,
      `"${name}" is where the dead letters of "${name.slice(0, -".dead".length)}" go: requests and dead letters would mix.`,
    );
  } else if (/^ligature\./i.test(name)) {
    found.add("queue-name", spot, `"${name}": names that start with "ligature." are those of the delays.`);
  } else if (/^celeryev(\.|$)|celery\.pidbox$/.test(name)) {
    found.add("queue-name", spot, `"${name}" is a name that Celery gives to its own queues for events and remote control.`);
  } else if (name.includes(":")) {
    const why = `"${name}": Celery's command line and the URLs of RabbitMQ's management need ":" quoted, which scripts forget.`;
    found.add("queue-name", spot, why, "warning");
  } else if (/[A-Z]/.test(name) && runtime === "ligature") {
    found.add(
      "queue-name",
      spot,
      `"${name}": AMQP tells upper from lower case, people who type it into a Celery configuration don't.`,
      "warning",
    );
  }
}

/** Every worker of a Ligature contract reads its queue alone: a request for the other contract finds no handler. */
export const sharedQueues: Check = (manifest, found, all) => {
  for (const other of all) {
    if (other === manifest || other.contract === manifest.contract) continue;
    // Celery apps do share their queue, of all tasks of all modules.
    if (other.runtime === "celery" && manifest.runtime === "celery") continue;
    const shared = [...queuesOf(manifest)].filter((name) => queuesOf(other).has(name));
    for (const name of shared) {
      found.add(
        "queue-shared",
        { contract: manifest.contract },
        `"${name}" is a queue of ${other.contract}, too. Its workers get half of the requests, find no handler, and answer NOT_REGISTERED.`,
      );
    }
  }
};

function queuesOf({ tasks }: Manifest): ReadonlySet<string> {
  return new Set(Object.values(tasks).map(({ queue }) => queue));
}
