import { waitingCounted, type QueueFacts } from "../queries/index.ts";
import { Spark } from "./charts.tsx";
import { count, duration, rate } from "./format.ts";
import type { Html, PageContext } from "./page.ts";
import { SearchLink } from "./parts.tsx";
import { numbers, Table } from "./table.tsx";

/** What the broker says of its queues; nothing is taken from them for it. */
export type BrokerQueues = ReadonlyMap<string, { readonly ready: number; readonly consumers: number }>;

export function QueueTable(props: {
  readonly page: PageContext;
  readonly queues: readonly QueueFacts[];
  readonly broker: BrokerQueues;
}): Html {
  const { page, queues, broker } = props;
  return (
    <Table
      label="Queues"
      none="No event has named a queue yet."
      columns={[
        "Queue",
        numbers("Ready"),
        numbers("Waiting"),
        "Oldest",
        numbers("In/min"),
        numbers("Out/min"),
        numbers("Failed"),
        numbers("Consumers"),
        "30 min",
      ]}
      rows={queues.map((queue) => {
        const said = broker.get(queue.name);
        const none = <span class="none">–</span>;
        return [
          <SearchLink page={page} query={{ queue: queue.name }}>
            {queue.name}
          </SearchLink>,
          said === undefined ? none : count(said.ready),
          queue.waiting >= waitingCounted ? `${count(waitingCounted)}+` : count(queue.waiting),
          queue.oldestAt === null ? none : <span class="nowrap">{duration((page.now - queue.oldestAt) / 1000)}</span>,
          rate(queue.received / 5),
          rate(queue.ended / 5),
          count(queue.failed),
          said === undefined ? none : said.consumers === 0 ? <strong class="error">0</strong> : count(said.consumers),
          <Spark values={queue.spark} label={`Ended per minute of ${queue.name}`} />,
        ];
      })}
    />
  );
}
