import { Peer } from "../processes/peer.ts";
import type { ClientCommands } from "../processes/client.ts";
import type { Workload } from "../workload.ts";

/** What a call costs while it waits for its answer: heap after a collection, in a fresh process each time. */
export const pending: Workload = {
  name: "pending",
  title: "heap per pending call",
  unit: "bytes",
  better: "lower",
  async open(side, { url, nodeOptions, newQueue, purge }) {
    const queue = newQueue(side);
    return {
      async sample({ warmUp }) {
        const client = new Peer<ClientCommands>("client", [side], ["--expose-gc", ...nodeOptions(side, "client")]);
        await client.ask("open", { url, queue, callbackQueue: newQueue(`${side}.callbacks`) });
        await client.ask("pending", { count: 2000 });
        const value = await client.ask("pending", { count: warmUp ? 2000 : 20_000 });
        await client.end();
        await purge(queue);
        return { value };
      },
      close: () => Promise.resolve(),
    };
  },
};
