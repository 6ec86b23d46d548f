const closers = new Set<() => Promise<void>>();

/**
 * Something that a process which ends in order closes first, such as a child of a worker's pool.
 * @returns forgets it
 */
export function closeAtEnd(close: () => Promise<void>): () => void {
  closers.add(close);
  return () => void closers.delete(close);
}

/** Closes all of them at once. Never rejects. */
export async function closeAll(): Promise<void> {
  await Promise.allSettled([...closers].map((close) => close()));
}
