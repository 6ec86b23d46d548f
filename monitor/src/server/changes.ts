/** Milliseconds between two looks for what is new. */
const every = 1_000;
/** Times of day and spans grow old by themselves. */
const atLeastEvery = 5_000;
const maxListeners = 200;

let listeners = 0;

/** Tells a page that something has changed, once a second at most (Server-Sent Events). The page then fetches itself. */
export function changes(cursor: () => number): Response {
  if (listeners >= maxListeners)
    return new Response("Too many pages are open.", { status: 503, headers: { "retry-after": "10" } });
  listeners++;
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      let last = cursor();
      let sentAt = Date.now();
      controller.enqueue(encoder.encode(`retry: 2000\n\n`));
      timer = setInterval(() => {
        const now = cursor();
        const isDue = now !== last || Date.now() - sentAt >= atLeastEvery;
        // Whoever doesn't read gets less.
        if (!isDue || (controller.desiredSize ?? 0) <= 0) return;
        last = now;
        sentAt = Date.now();
        controller.enqueue(encoder.encode(`event: change\ndata: ${now}\n\n`));
      }, every);
      timer.unref();
    },
    cancel() {
      clearInterval(timer);
      listeners--;
    },
  });
  return new Response(stream, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}
