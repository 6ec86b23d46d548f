import { silentLogger } from "ligature";
import { type Client, Commands, commonOptions, outagesOf, parseRedisUrl } from "../../src/dist/redis/index.js";

/** A connection to Redis beside the backend's own, to look what is there, and to play another program. */
export interface RawRedis extends AsyncDisposable {
  run<T>(work: (redis: Client) => Promise<T>): Promise<T>;
}

export function rawRedis(url: string): RawRedis {
  const address = parseRedisUrl(url);
  const commands = new Commands(address, commonOptions(address, "test"), outagesOf(silentLogger, address));
  return {
    run: (work) => commands.run(work, Date.now() + 10_000),
    [Symbol.asyncDispose]: () => commands.close(1000),
  };
}
