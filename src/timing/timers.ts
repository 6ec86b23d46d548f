import {
  clearInterval as clearRealInterval,
  clearTimeout as clearRealTimeout,
  setInterval as setRealInterval,
  setTimeout as setRealTimeout,
} from "node:timers";

/** Node's timers hold 31 bits of milliseconds, and fire at once when they are given more. */
const longest = 0x7fffffff;

/** Something that will be done later, unless it is cancelled before. */
export interface Timer {
  cancel(): void;
}

/**
 * Does something once, after so many milliseconds: any number of them, infinity being never. By the global timers, so a test
 * that fakes those fakes time.
 * @param options.ref whether it keeps the process alive @default true
 */
export function after(milliseconds: number, run: () => void, { ref = true }: { readonly ref?: boolean } = {}): Timer {
  let left = milliseconds;
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    const wait = Math.min(left, longest);
    left -= wait;
    timer = setTimeout(left > 0 ? arm : run, wait);
    if (!ref) timer.unref();
  };
  if (milliseconds !== Number.POSITIVE_INFINITY) arm();
  return { cancel: () => clearTimeout(timer) };
}

/** Does something every so many milliseconds, without keeping the process alive. */
export function every(milliseconds: number, run: () => void): Timer {
  const again = (): Timer =>
    after(
      milliseconds,
      () => {
        timer = again();
        run();
      },
      { ref: false },
    );
  let timer = again();
  return { cancel: () => timer.cancel() };
}

/**
 * Resolves after so many milliseconds, or when the signal is aborted. In real time, also in a test that fakes the global
 * timers: for what has to do with a server, which takes its own time.
 * @param options.ref whether it keeps the process alive @default true
 */
export function pause(
  milliseconds: number,
  { signal, ref = true }: { readonly signal?: AbortSignal; readonly ref?: boolean } = {},
): Promise<void> {
  return new Promise((resolve) => {
    let left = milliseconds;
    let timer: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearRealTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const arm = (): void => {
      const wait = Math.min(left, longest);
      left -= wait;
      timer = setRealTimeout(left > 0 ? arm : end, wait);
      if (!ref) timer.unref();
    };
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    signal?.addEventListener("abort", end);
    arm();
  });
}

/** Keeps the process alive until it is cancelled; also where a test fakes the global timers, since this isn't about time. */
export function keepAlive(): Timer {
  const timer = setRealInterval(() => {}, longest);
  return { cancel: () => clearRealInterval(timer) };
}
