import { silentLogger } from "ligature";
import { parseRedisUrl } from "../../src/dist/backend/redis/address.js";
import { Commands, type Client } from "../../src/dist/backend/redis/commands.js";
import { commonOptions } from "../../src/dist/backend/redis/connection-options.js";
import { Outages } from "../../src/dist/backend/redis/outages.js";

/** A connection to Redis beside the backend's own, to look what is there, and to play another program. */
export interface RawRedis extends AsyncDisposable {
  run<T>(work: (redis: Client) => Promise<T>): Promise<T>;
}

export function rawRedis(url: string): RawRedis {
  const address = parseRedisUrl(url);
  const commands = new Commands(address, commonOptions(address, "test"), new Outages(silentLogger, address.display));
  return {
    run: (work) => commands.run(work, Date.now() + 10_000),
    [Symbol.asyncDispose]: () => commands.close(1000),
  };
}
