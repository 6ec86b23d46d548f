import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { projectRoot } from "../../support/documents.ts";

const broker = JSON.stringify(new URL("../../../src/dist/broker/index.js", import.meta.url).href);

/** Requests wait nowhere, since the broker is in this process: somebody takes them away and answers none. */
const program = `
  import { lab } from "@ligature/lab";
  import { createApp, silentLogger } from "ligature";
  import { brokerOpener } from ${broker};

  const app = createApp({ name: "pending", broker: "memory://pending", log: silentLogger, rpcTimeout: "10m" });
  const { add } = app.remote(lab);
  await add.delay(1, 2);
  const open = await brokerOpener(["memory://pending"], {}).load();
  const limits = { publishTimeout: 1000, maxPayload: 10_000, maxUnconfirmed: 1000 };
  const other = open(["memory://pending"], { name: "other", log: silentLogger, ...limits });
  let taken = 0;
  await other.consume(lab["~generated"].spec.queue.name, { prefetch: 1000 }, (delivery) => {
    taken += 1;
    delivery.ack();
  });

  const heap = async (count) => {
    while (taken < count) await new Promise(setImmediate);
    globalThis.gc();
    globalThis.gc();
    return process.memoryUsage().heapUsed;
  };
  const calls = [];
  const callMany = async (count) => {
    const before = await heap(taken);
    const until = taken + count;
    for (let n = 0; n < count; n += 1) {
      calls.push(add(1, 2));
      if (n % 500 === 499) await new Promise(setImmediate);
    }
    return ((await heap(until)) - before) / count;
  };
  await callMany(2000);
  console.log(await callMany(20_000));
  process.exit();
`;

// n.b. not about speed: a heap after a collection is the same on a busy machine.
it("a call that waits for its answer costs little more than its promise", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "--input-type=module", "--eval", program], {
    cwd: `${projectRoot}/test`,
  });
  const bytes = Number(stdout);
  expect(bytes).toBeGreaterThan(200);
  expect(bytes).toBeLessThan(800);
});
