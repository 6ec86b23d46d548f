import { acceptsItsOutput, parseResult, type SchemaLike } from "../contract/index.ts";
import { errorFromWire, unpackValue, type StoredResult } from "../protocol/index.ts";
import type { KnownTask } from "../signature/index.ts";

/**
 * The value that a task has ended with: decoded, and checked against our version of the contract. A promise only where its
 * schema is asynchronous.
 * @throws its error when it has failed; LigatureError `INVALID_RESULT` and the like
 */
export function resultValue(final: StoredResult, { task, contract }: KnownTask): unknown {
  if (final.status !== "SUCCESS") throw errorFromWire(final, contract);
  const { spec } = task;
  const value = unpacked(final, spec.returns, task.fingerprint);
  // A Ligature worker has applied its schema and sends the output. Ours, when it is the same, has nothing to add;
  // another version is applied to check the value, where it can be applied to what came out of it.
  const appliedBy = final.ligature?.fingerprint ?? (contract.spec.runtime === "ligature" ? "" : undefined);
  const isDone =
    appliedBy !== undefined &&
    ((appliedBy !== "" && appliedBy === task.fingerprint) || (spec.returns !== undefined && !acceptsItsOutput(spec.returns)));
  return isDone ? value : parseResult(spec, value);
}

/** The value in a stored result; what a worker with the same contract doesn't annotate is what it looks like. @param own fingerprint */
export function unpacked({ result, ligature }: StoredResult, schema: SchemaLike | undefined, own: string | undefined): unknown {
  const by = ligature?.fingerprint;
  // What came out of a schema that doesn't take it again is left as it is.
  const exact = by !== undefined && (by === "" || by === own || schema === undefined || !acceptsItsOutput(schema));
  return unpackValue({ json: result, meta: ligature?.meta }, schema, exact);
}
