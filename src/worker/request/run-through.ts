import { grow, isMisuse, throughLayers, type Layer } from "../../interceptors/index.ts";
import type { TaskMessage } from "../../protocol/index.ts";
import type { RequestContext } from "./request-context.ts";
import type { RunCall, RunInterceptor } from "./run-interceptor.ts";

/** Runs a handler through the interceptors. What they add is in its context, too. */
export async function runThrough(
  layers: readonly RunInterceptor[],
  message: TaskMessage,
  context: RequestContext,
  args: readonly unknown[],
  run: () => unknown,
): Promise<unknown> {
  const { id, task, rootId, parentId, retries, headers } = message;
  const added = {};
  const call: RunCall = {
    id,
    taskName: task,
    rootId,
    parentId,
    attempt: retries + 1,
    args,
    headers,
    ctx: context,
    context: added,
  };
  try {
    // n.b. what the context holds is what the layers say, and the compiler has checked that.
    return await throughLayers(layers as readonly Layer<RunCall>[], {
      call,
      grow: (more) => grow(more, [context, added]),
      run: async () => run(),
    });
  } catch (error) {
    if (isMisuse(error)) context.misused(error);
    throw error;
  }
}
