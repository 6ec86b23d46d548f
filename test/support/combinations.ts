import { amqpUrl, redisUrl } from "./brokers.ts";
import { startLab, type LabOptions, type LabSystem } from "./lab.ts";

/** A broker with a result backend. */
export interface Combination {
  readonly name: string;
  readonly broker: () => string;
  /** Undefined for what an app takes by default: `memory://` beside the memory broker, `rpc://` beside RabbitMQ. */
  readonly backend: () => string | undefined;
}

/** What workflows are tested on. */
export const combinations: readonly Combination[] = [
  { name: "memory", broker: () => "memory://", backend: () => undefined },
  { name: "RabbitMQ and rpc://", broker: amqpUrl, backend: () => "rpc://" },
  { name: "RabbitMQ and redis://", broker: amqpUrl, backend: redisUrl },
];

/** A caller and a worker on a combination. */
export function startLabOn(combination: Combination, options: LabOptions = {}): Promise<LabSystem> {
  const backend = combination.backend();
  if (backend === undefined) return startLab(combination.broker(), options);
  return startLab(combination.broker(), {
    ...options,
    app: { backend, ...options.app },
    server: { backend, ...options.server },
  });
}
