/**
 * - SOURCE: code that was written against the older contract stops compiling, or loses what it uses.
 * - WIRE: programs that run with the older contract, or messages that are under way, break.
 */
export type Category = "SOURCE" | "WIRE";

export interface Rule {
  /** What it may be; a finding can be less, such as a narrowed parameter whose type is the same. */
  readonly categories: readonly Category[];
  readonly summary: string;
  /** How to make such a change safe. */
  readonly fix: string;
}

export type RuleName =
  | "contract-removed"
  | "contract-renamed"
  | "package-renamed"
  | "runtime-changed"
  | "queue-moved"
  | "queue-redeclared"
  | "type-removed"
  | "task-removed"
  | "task-renamed"
  | "wire-name-changed"
  | "param-removed"
  | "param-inserted"
  | "param-added-required"
  | "params-reordered"
  | "param-renamed"
  | "param-made-required"
  | "param-narrowed"
  | "param-key-ignored"
  | "param-default-changed"
  | "result-removed"
  | "result-widened"
  | "progress-removed"
  | "progress-widened"
  | "error-added"
  | "error-removed"
  | "error-renamed"
  | "error-widened"
  | "key-removed"
  | "callback-misfit"
  | "schema-unclear"
  | "result-ignored"
  | "ack-changed"
  | "time-limit-shortened"
  | "expires-shortened"
  | "retry-reduced";

const both = ["SOURCE", "WIRE"] as const;
const source = ["SOURCE"] as const;
const wire = ["WIRE"] as const;

/** What `ligature breaking` finds. docs/breaking-rules.md has an example of each. */
export const rules: Readonly<Record<RuleName, Rule>> = {
  "contract-removed": {
    categories: both,
    summary: "A contract package is gone.",
    fix: "Keep the package, its tasks marked @deprecated, until nobody calls them and its queues are empty.",
  },
  "contract-renamed": {
    categories: source,
    summary: "The generated value, and with it every default wire name, is called otherwise.",
    fix: "Keep the contract's name; a title for people belongs in its comment.",
  },
  "package-renamed": {
    categories: source,
    summary: "The contract is imported from another package.",
    fix: "Publish under both names for a while, the old one re-exporting the new one.",
  },
  "runtime-changed": {
    categories: wire,
    summary: "Ligature workers serve the contract instead of Celery, or the other way round.",
    fix: "Give the new runtime a contract and a queue of its own, move the callers, then drop the old one.",
  },
  "queue-moved": {
    categories: wire,
    summary: "Requests wait in another queue.",
    fix: "Keep a worker of the older version on the old queue until it is empty and no caller sends to it any more.",
  },
  "queue-redeclared": {
    categories: wire,
    summary: "A queue of the same name has other properties.",
    fix: "Use a queue of another name and empty the old one; RabbitMQ can't change a queue's type or arguments.",
  },
  "type-removed": {
    categories: source,
    summary: "A generated type that others may import is gone or has another name.",
    fix: "Export the schema under its old name as well.",
  },
  "task-removed": {
    categories: both,
    summary: "A task is gone.",
    fix: "Mark it @deprecated and keep its handler until nobody calls it and no request for it is under way.",
  },
  "task-renamed": {
    categories: source,
    summary: "A task's stub has another name; its name on the wire is the same.",
    fix: "Keep the key, or keep the old task beside the new one and mark it @deprecated.",
  },
  "wire-name-changed": {
    categories: wire,
    summary: "A task has another name on the wire.",
    fix: "Keep the old name on the wire with the option `name`.",
  },
  "param-removed": {
    categories: both,
    summary: "A parameter is gone.",
    fix: "Keep the parameter, make it optional and ignore it; or make a new task.",
  },
  "param-inserted": {
    categories: both,
    summary: "A parameter was added before others.",
    fix: "Add it at the end, and optional.",
  },
  "param-added-required": {
    categories: both,
    summary: "A required parameter was added at the end.",
    fix: "Make it optional or give it a default; or make a new task.",
  },
  "params-reordered": {
    categories: both,
    summary: "Parameters changed places.",
    fix: "Restore the order; arguments are known by their place.",
  },
  "param-renamed": {
    categories: both,
    summary: "A parameter has another name.",
    fix: "Keep the name; say in its comment what it means now.",
  },
  "param-made-required": {
    categories: both,
    summary: "A parameter may not be left out any more.",
    fix: "Keep it optional and decide in the handler, or give it a default.",
  },
  "param-narrowed": {
    categories: both,
    summary: "A parameter refuses values that it accepted.",
    fix: "Accept the old values too, as one member of a union, or make a new task.",
  },
  "param-key-ignored": {
    categories: both,
    summary: "A key inside a parameter isn't read any more.",
    fix: "Keep the key, optional and marked @deprecated, until nobody sends it.",
  },
  "param-default-changed": {
    categories: wire,
    summary: "Leaving an argument, or a key inside one, out means something else.",
    fix: "Keep the default and let those who want the new value say so.",
  },
  "result-removed": {
    categories: both,
    summary: "A task returns nothing any more.",
    fix: "Go on returning it, or make a new task.",
  },
  "result-widened": {
    categories: both,
    summary: "A result may be a value that older callers refuse.",
    fix: "Return the new values from a new task, or deploy all callers before the first such value is sent.",
  },
  "progress-removed": {
    categories: source,
    summary: "A task reports no progress any more.",
    fix: "Go on reporting it, or keep the schema.",
  },
  "progress-widened": {
    categories: both,
    summary: "A progress report may be a value that older callers refuse.",
    fix: "Report the new values under new, optional keys.",
  },
  "error-added": {
    categories: source,
    summary: "A task throws a declared error that it didn't.",
    fix: "Let callers know; code that lists all errors needs a case for it.",
  },
  "error-removed": {
    categories: source,
    summary: "A declared error is gone.",
    fix: "Keep declaring it, marked @deprecated, until nobody mentions it.",
  },
  "error-renamed": {
    categories: both,
    summary: "A declared error has another name.",
    fix: "Keep the name: callers know errors by it.",
  },
  "error-widened": {
    categories: both,
    summary: "A declared error's data may be a value that older callers refuse.",
    fix: "Add what is new under optional keys, or declare another error.",
  },
  "key-removed": {
    categories: both,
    summary: "A key of a result, a progress report or an error's data is never there any more.",
    fix: "Keep the key in the schema, marked @deprecated, and go on sending it until nobody reads it.",
  },
  "callback-misfit": {
    categories: both,
    summary: "A task's result doesn't fit the first parameter of another task any more.",
    fix: "Change result and parameter together, the parameter first, accepting both forms.",
  },
  "schema-unclear": {
    categories: both,
    summary: "A schema changed, and whether it still fits can't be told.",
    fix: "Look at it: if all old values still fit, allow it with that as the reason.",
  },
  "result-ignored": {
    categories: wire,
    summary: "No result is sent any more.",
    fix: "Leave `ignoreResult` to the callers (`applyAsync(args, { ignoreResult: true })`), or make a new task.",
  },
  "ack-changed": {
    categories: wire,
    summary: "A request is acknowledged at another time.",
    fix: "Make sure that the handler bears it: `late` may run a request twice, `early` may lose it.",
  },
  "time-limit-shortened": {
    categories: wire,
    summary: "A request may run less long.",
    fix: "Look at how long requests take; keep the limit over the slowest.",
  },
  "expires-shortened": {
    categories: wire,
    summary: "A request may wait less long before it is given up.",
    fix: "Look at how long requests wait at the busiest time; keep the span over that.",
  },
  "retry-reduced": {
    categories: wire,
    summary: "Failures that were tried again reach the caller.",
    fix: "Keep the number of retries, or tell callers to try again by themselves.",
  },
};
