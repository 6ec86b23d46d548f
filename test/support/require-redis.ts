/** Tests that need Redis fail without one; they are not skipped. */
export function setup(): void {
  if (!process.env["REDIS_URL"]) {
    throw new Error(
      "These tests need a Redis, and REDIS_URL names none. `npm test` starts one by itself; " +
        "to have one for a while: node scripts/redis.mjs",
    );
  }
}
