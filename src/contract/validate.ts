import { LigatureError } from "../errors/index.ts";
import { formatIssues, parseWith, type Issue, type Parsed } from "./schema.ts";
import type { TaskSpec } from "./task-spec.ts";

/**
 * Parses positional arguments against a task's parameters, from parameter number `first` on. Synchronous
 * unless a schema is asynchronous, so that the common call costs no extra turn.
 * @throws LigatureError `INVALID_ARGUMENTS` with a line per issue; `details.issues` has them as data.
 */
export function parseArguments(
  spec: TaskSpec,
  args: readonly unknown[],
  first = 0,
): readonly unknown[] | Promise<readonly unknown[]> {
  const params = first === 0 ? spec.params : spec.params.slice(first);
  if (args.length > params.length) {
    throw invalidArguments(spec, [{ path: [], message: `takes at most ${params.length} argument(s), got ${args.length}` }]);
  }
  const parsed = params.map((param, index) => parseWith(param.schema, args[index]));
  if (parsed.some((result) => result instanceof Promise)) {
    // oxlint-disable-next-line typescript/await-thenable -- those that aren't promises are waited for all the same
    return Promise.all(parsed).then((results) => collect(spec, results, first));
  }
  return collect(spec, parsed as readonly Parsed[], first);
}

function collect(spec: TaskSpec, results: readonly Parsed[], first: number): readonly unknown[] {
  const issues: Issue[] = [];
  const values = results.map((result, index) => {
    if (result.ok) return result.value;
    const name = spec.params[first + index]?.name ?? String(index);
    issues.push(...result.issues.map((issue) => ({ message: issue.message, path: [name, ...issue.path] })));
    return undefined;
  });
  if (issues.length > 0) throw invalidArguments(spec, issues);
  return values;
}

function invalidArguments(spec: TaskSpec, issues: readonly Issue[]): LigatureError {
  return new LigatureError("INVALID_ARGUMENTS", `${spec.name} can't be called with these arguments:\n${formatIssues(issues)}`, {
    details: { task: spec.name, issues },
  });
}

/**
 * Parses a handler's return value, or a received result, to what the contract promises.
 * @throws LigatureError `INVALID_RESULT` with a line per issue.
 */
export function parseResult(spec: TaskSpec, value: unknown): unknown {
  if (spec.returns === undefined) return undefined;
  const parsed = parseWith(spec.returns, value);
  return parsed instanceof Promise ? parsed.then((result) => resultOf(spec, result)) : resultOf(spec, parsed);
}

function resultOf(spec: TaskSpec, result: Parsed): unknown {
  if (result.ok) return result.value;
  throw new LigatureError(
    "INVALID_RESULT",
    `The result of ${spec.name} isn't what its contract promises:\n${formatIssues(result.issues)}`,
    {
      details: { task: spec.name, issues: result.issues },
    },
  );
}
