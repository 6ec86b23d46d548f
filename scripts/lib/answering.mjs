import { setTimeout as delay } from "node:timers/promises";

/**
 * Tries until a server answers. `answers` makes one attempt and rejects when there is none; `ended` rejects when there is no
 * use in waiting any longer.
 */
export async function untilAnswers(answers, ended, timeout) {
  const attempts = new AbortController();
  const tooLate = setTimeout(() => attempts.abort(), timeout);
  const attempt = async () => {
    while (!attempts.signal.aborted) {
      try {
        return await answers();
      } catch {
        await delay(100);
      }
    }
    throw new Error(`no answer within ${timeout / 1000} s`);
  };
  try {
    await Promise.race([attempt(), ended]);
  } finally {
    clearTimeout(tooLate);
    attempts.abort();
    ended.catch(() => {});
  }
}

/** Waits until nothing listens there any more: the kernel may take a moment to clear up after a killed program. */
export async function untilGone(answers) {
  for (;;) {
    try {
      await answers();
    } catch (error) {
      if (error.code === "ECONNREFUSED") return;
    }
    await delay(20);
  }
}
