type Handler = (signal: NodeJS.Signals) => void;

const signals = ["SIGTERM", "SIGINT"] as const;
const handlers = new Set<Handler>();

function tellAll(signal: NodeJS.Signals): void {
  // Its own list: a handler may end while it is called.
  for (const handler of [...handlers]) handler(signal);
}

/**
 * Calls back when the process is asked to end. All share a listener, since Node warns of more than ten.
 * @returns ends that
 */
export function onTermination(handler: Handler): () => void {
  if (handlers.size === 0) for (const signal of signals) process.on(signal, tellAll);
  handlers.add(handler);
  return () => {
    handlers.delete(handler);
    if (handlers.size === 0) for (const signal of signals) process.off(signal, tellAll);
  };
}
