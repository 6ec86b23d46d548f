import { LigatureError } from "../errors/index.ts";
import type { Next, Passed } from "./passed.ts";

/** An interceptor of either direction. */
export type Layer<Call> = (call: Call, next: Next) => Promise<unknown>;

/** What one call of all layers needs. */
export interface Core<Call> {
  readonly call: Call;
  /** Adds to the context. @throws LigatureError when there is something of that name */
  readonly grow: (added: object) => void;
  /** What the innermost layer wraps. */
  readonly run: () => Promise<unknown>;
}

/**
 * Calls the layers around what they wrap; the first is the outermost. A layer can't hide an error of what it wraps, only throw
 * another in its place.
 * @returns what is wrapped returned
 * @throws LigatureError `INVALID_OPTION` for a layer that doesn't call `next()` once and return what that resolves with
 */
export async function throughLayers<Call>(layers: readonly Layer<Call>[], core: Core<Call>): Promise<unknown> {
  return enter(layers, 0, core);
}

async function enter<Call>(layers: readonly Layer<Call>[], index: number, core: Core<Call>): Promise<unknown> {
  const layer = layers[index];
  if (layer === undefined) return core.run();
  let inner: Promise<Passed> | undefined;
  let mistake: LigatureError | undefined;
  let isOver = false;
  const next = ((more?: { readonly context: object }) => {
    if (isOver) return Promise.reject((mistake = misused(layer, index, "called next() after it had ended")));
    if (inner !== undefined) return Promise.reject((mistake = misused(layer, index, "called next() twice")));
    inner = goOn(more?.context);
    // Who calls it without awaiting it hears of a failure below.
    inner.catch(() => {});
    return inner;
  }) as Next;
  const goOn = async (added: object | undefined): Promise<Passed> => {
    if (added !== undefined) core.grow(added);
    return { value: await enter(layers, index + 1, core) };
  };
  let returned: unknown;
  try {
    returned = await layer(core.call, next);
  } catch (error) {
    // What it has begun must not go on behind its back.
    await settled(inner);
    throw mistake ?? error;
  } finally {
    isOver = true;
  }
  if (inner === undefined) throw misused(layer, index, "ended without calling next(): to stop a task it has to throw");
  const passed: Passed = await inner;
  if (mistake !== undefined) throw mistake;
  if (returned !== passed) throw misused(layer, index, "must return what next() resolves with");
  return passed.value;
}

async function settled(inner: Promise<unknown> | undefined): Promise<void> {
  await inner?.catch(() => {});
}

/** Whether an error says that an interceptor is written wrongly, so that trying again doesn't help. */
export function isMisuse(error: unknown): error is LigatureError {
  return error instanceof LigatureError && mistakes.has(error);
}

const mistakes = new WeakSet<LigatureError>();

function misused(layer: { readonly name: string }, index: number, what: string): LigatureError {
  const name = layer.name === "" ? `number ${index + 1}` : layer.name;
  const error = new LigatureError("INVALID_OPTION", `The interceptor ${name} ${what}.`, { details: { interceptor: name } });
  mistakes.add(error);
  return error;
}

/** Adds to a context under names that are free. @throws LigatureError `INVALID_OPTION` for one that isn't */
export function grow(added: object, into: readonly object[]): void {
  for (const [name, value] of Object.entries(added)) {
    for (const target of into) {
      if (name in target) {
        const error = new LigatureError(
          "INVALID_OPTION",
          `An interceptor adds "${name}" to the context, which has that already.`,
          { details: { name } },
        );
        mistakes.add(error);
        throw error;
      }
    }
    for (const target of into) Object.defineProperty(target, name, { value, enumerable: true });
  }
}
