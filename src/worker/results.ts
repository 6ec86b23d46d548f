import type { Packed, StoredResult, TaskState } from "../protocol/index.ts";

/** A result in its stored form. */
export function storedResult(
  id: string,
  status: TaskState,
  value: Packed,
  more: {
    readonly traceback?: string | null;
    readonly children?: readonly unknown[];
    /** Of the contract whose schema the value was parsed with. */
    readonly fingerprint?: string | undefined;
  } = {},
): StoredResult {
  const { fingerprint } = more;
  return {
    task_id: id,
    status,
    result: value.json ?? null,
    traceback: more.traceback ?? null,
    children: more.children ?? [],
    ...((value.meta !== undefined || fingerprint !== undefined) && {
      ligature: { ...(fingerprint !== undefined && { fingerprint }), ...(value.meta !== undefined && { meta: value.meta }) },
    }),
  };
}
