export interface RedisOptions {
  /** Hears in a line what is done. @default nobody */
  readonly log?: (line: string) => void;
  /** More of redis-server's arguments. With `--tls-port` in place of a port, its URL is a TLS one. */
  readonly args?: readonly string[];
  /** Milliseconds that a start may take. @default 30000 */
  readonly timeout?: number;
  /** Its program. @default the machine's own */
  readonly server?: string | undefined;
}

/** A Redis of one's own. It ends with this process at the latest, however that ends. */
export interface PrivateRedis {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** Ends it at once, as a power failure would. What it keeps in memory is gone, unless `args` say otherwise. */
  kill(): Promise<void>;
  /** Starts it after `kill()`, on the same port. Resolves when it answers. */
  start(): Promise<void>;
  /** Stops it answering while its connections stay open, as a network that drops everything would. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Runs `redis-cli` on it and resolves with what that printed. */
  cli(...args: string[]): Promise<string>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** The end of its log. */
  logTail(lines?: number): string;
}

/** Starts one and resolves when it answers. */
export function startRedis(options?: RedisOptions): Promise<PrivateRedis>;
