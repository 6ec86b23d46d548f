import { vi } from "vitest";

/**
 * Milliseconds that tests wait for what should come at once: a deadline for machines with much else to do, never a measure.
 * A test's own limit (vitest.config.ts) is longer, so that what fails first is what can say what was waited for.
 */
export const patience = 60_000;

/** Tries until an assertion holds. */
export function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(attempt, { timeout: patience, interval: 20 });
}
