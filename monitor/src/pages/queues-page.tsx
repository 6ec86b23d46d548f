import type { QueueFacts } from "../queries/index.ts";
import { Layout, type LayoutProps } from "./layout.tsx";
import type { Html, PageContext } from "./page.ts";
import { QueueTable, type BrokerQueues } from "./queue-table.tsx";

export function QueuesPage(props: {
  readonly page: PageContext;
  readonly notice?: LayoutProps["notice"];
  readonly queues: readonly QueueFacts[];
  readonly broker: BrokerQueues;
}): Html {
  const { page, queues, broker, notice } = props;
  return (
    <Layout page={page} title="Queues" section="/queues" notice={notice}>
      <h1>Queues</h1>
      <section class="panel" id="queues" data-live aria-labelledby="queues-title">
        <h2 id="queues-title">
          Queues<small>rates of the last five minutes</small>
        </h2>
        <QueueTable page={page} queues={queues} broker={broker} />
      </section>
      <p class="dim">
        Ready and consumers are what the broker says; waiting is what the events say: sent or received, and not started. Nothing
        is taken from a queue to look at it.
      </p>
    </Layout>
  );
}
