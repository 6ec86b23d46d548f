export interface LintRule {
  /** Of the usual case; a finding may be graver or lighter, which its rule's page says. */
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly fix: string;
}

export type LintRuleName =
  | "allow-unknown"
  | "callback-unfed"
  | "deprecated-without-hint"
  | "priority-without-queue"
  | "python-name"
  | "queue-name"
  | "queue-shared"
  | "retry-not-idempotent"
  | "rpc-over-deadline"
  | "task-undescribed"
  | "unbounded-param";

/** What `ligature lint` finds. docs/lint-rules.md has an example of each. */
export const lintRules: Readonly<Record<LintRuleName, LintRule>> = {
  "allow-unknown": {
    severity: "error",
    summary: "`allow` names a rule that doesn't exist.",
    fix: "Correct the rule's name; breaking-rules.md and lint-rules.md, in node_modules/@ligature/codegen/docs, list them.",
  },
  "callback-unfed": {
    severity: "warning",
    summary: "No known task returns what a callback takes as its first parameter.",
    fix: "Take the parent's own schema as the type of the first parameter, imported from its contract.",
  },
  "deprecated-without-hint": {
    severity: "warning",
    summary: "A task is deprecated, and doesn't say what to use instead.",
    fix: "Say it behind the tag: @deprecated use `processFile`",
  },
  "priority-without-queue": {
    severity: "warning",
    summary: "A priority on a queue that has no priorities.",
    fix: "Give the contract's queue `maxPriority`, as the Celery app declares it, or leave the priority out.",
  },
  "python-name": {
    severity: "warning",
    summary: "A name that Python can't use, or that hides one of its own.",
    fix: "Choose another name while nobody uses this one; later it takes a new task.",
  },
  "queue-name": {
    severity: "error",
    summary: "A queue's name that isn't free, or that tools have to quote.",
    fix: 'Use lower-case words, joined by "-", "_" or ".".',
  },
  "queue-shared": {
    severity: "error",
    summary: "Two contracts have one queue.",
    fix: "Give each contract a queue of its own, or make them one contract.",
  },
  "retry-not-idempotent": {
    severity: "warning",
    summary: "A task says that it must not run twice, and is tried again.",
    fix: "Leave out `retry`, or make the handler recognise a request that it has carried out, by `ctx.id`.",
  },
  "rpc-over-deadline": {
    severity: "warning",
    summary: "A task returns a value, and may run longer than a call waits.",
    fix: "Say in its comment how to call it (`.delay()`, `.with({ timeout })`, linked), and allow this; or report progress.",
  },
  "task-undescribed": {
    severity: "warning",
    summary: "A task has no description.",
    fix: "Write a comment above it: what it does, how long it takes, what happens when it is asked twice.",
  },
  "unbounded-param": {
    severity: "warning",
    summary: "A parameter takes strings or lists of any length.",
    fix: "Say how much is meant: .max(…), a format, an enum.",
  },
};
