export interface RabbitmqOptions {
  /** Hears in a line what is done. @default nobody */
  readonly log?: (line: string) => void;
  /** More lines of rabbitmq.conf. */
  readonly config?: string;
  /** Plugins to enable. @default none */
  readonly plugins?: readonly string[];
  /** Milliseconds that a start may take. @default 120000 */
  readonly timeout?: number;
  /** Its program. @default the machine's own */
  readonly server?: string | undefined;
}

/** A RabbitMQ of one's own. It ends with this process at the latest, however that ends. */
export interface PrivateRabbitmq {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, as a power failure would. The data stays. */
  kill(): Promise<void>;
  /** Starts it after `kill()`: same port, same data. Resolves when it answers. */
  start(): Promise<void>;
  /** Stops it answering while its connections stay open, as a network that drops everything would. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Runs `rabbitmqctl` on it and resolves with what that printed. */
  ctl(...args: string[]): Promise<string>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** The end of its log. */
  logTail(lines?: number): string;
}

/** Starts one and resolves when it answers. */
export function startRabbitmq(options?: RabbitmqOptions): Promise<PrivateRabbitmq>;
