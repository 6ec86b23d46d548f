import { expect, it } from "vitest";
import { recordLog } from "../support/log-recorder.ts";
import { startLab } from "../support/lab.ts";
import { amqpUrl } from "../support/brokers.ts";
import { openRabbitmq, rawChannel } from "../support/amqp-bench.ts";
import { brokerBench } from "../support/broker-bench.ts";
import { openBackend } from "../support/open.ts";

const bench = brokerBench(amqpUrl);

it("a result waits for a reply queue that was deleted, until its owner has declared it again", async () => {
  await using system = await startLab(amqpUrl());
  const results = await Promise.all(["a", "b", "c"].map((key) => system.remote.wait.delay(key)));
  await Promise.all(["a", "b", "c"].map((key) => system.journal.entry(`wait:${key}`)));
  const { from } = await results[0]!.keep();
  const channel = await rawChannel();
  const { replyTo } = from as { readonly replyTo: string };
  await channel.deleteQueue(replyTo);
  for (const key of ["a", "b", "c"]) system.journal.give(`${key}:1`, "finish");
  expect(await Promise.all(results.map((result) => result.get({ timeout: "60s" })))).toEqual(
    ["a", "b", "c"].map(() => "finished after 0"),
  );
});

it("a result whose reply queue stays away is dropped after a while, and that is told once", async () => {
  const { log, lines } = recordLog();
  const broker = openRabbitmq();
  const backend = openBackend("rpc://", { name: "lost", broker, log, resultExpires: 60_000 });
  const to = { replyTo: bench.name("gone"), correlationId: "x" };
  const result = (id: string) => ({ task_id: id, status: "SUCCESS", result: 1, traceback: null, children: [] }) as const;
  await Promise.all(["1", "2"].map((id) => backend.store(result(id), to)));
  await backend.store(result("3"), to);
  expect(lines.filter(({ level }) => level === "warn").map(({ message }) => message)).toEqual([
    expect.stringMatching(/^A caller's reply queue is missing, so its result is dropped/),
  ]);
  await backend.close();
}, 60_000);
