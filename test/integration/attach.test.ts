import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { silentLogger, type App } from "ligature";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { amqpUrl } from "../support/brokers.ts";
import { CallerProcess } from "../support/caller-process.ts";
import { combinations, startLabOn, type Combination } from "../support/combinations.ts";
import type { LabSystem } from "../support/lab.ts";
import { patience } from "../support/patience.ts";
import { deleteQueues } from "../support/raw-amqp.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { openBroker } from "../support/open.ts";

const soon = { timeout: patience };
const acrossProcesses = combinations.filter(({ name }) => name !== "memory");

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let callers: CallerProcess[] = [];
/** Reply queues of processes that were killed: they expire in a day. */
let orphans: string[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await Promise.all(callers.map((caller) => caller.kill()));
  callers = [];
  await deleteQueues(amqpUrl(), orphans);
  orphans = [];
  await folder.remove();
});

describe.each(acrossProcesses)("a result that outlives its caller, on $name", (combination) => {
  const start = async (system: LabSystem, mode: "send" | "attach"): Promise<CallerProcess> => {
    const backend = combination.backend() ?? "rpc://";
    const caller = new CallerProcess([mode, join(folder.path, "result.json"), system.queue, system.broker, backend]);
    callers.push(caller);
    return caller;
  };
  const sending = async (
    system: LabSystem,
  ): Promise<{ readonly caller: CallerProcess; readonly id: string; readonly json: unknown }> => {
    const caller = await start(system, "send");
    const { sent: id = "" } = await caller.next();
    await system.journal.entry("wait:run");
    const json: unknown = JSON.parse(await readFile(join(folder.path, "result.json"), "utf8"));
    const { from } = json as { readonly from?: { readonly replyTo: string } };
    if (from !== undefined) orphans.push(from.replyTo);
    return { caller, id, json };
  };

  it("is delivered when the caller was killed while the task ran", async () => {
    await using system = await startLabOn(combination);
    const { caller, id, json } = await sending(system);
    await caller.kill();
    const app = otherApp(system, combination);
    const result = app.attach(system.remote.wait, json);
    expect(result.id).toBe(id);
    system.journal.give("run:1", "continue");
    const reports = result.progress()[Symbol.asyncIterator]();
    expect(await reports.next()).toEqual({ done: false, value: { step: 1 } });
    system.journal.give("run:2", "finish");
    expect(await result.get(soon)).toBe("finished after 1");
    await result.forget();
    expect(await queueExists(`ligature.result.${id}`)).toBe(false);
  });

  it("is delivered when it came while nobody was there", async () => {
    await using system = await startLabOn(combination);
    const { caller, id, json } = await sending(system);
    await caller.kill();
    system.journal.give("run:1", "finish");
    // Stored by now: whatever the same worker is asked afterwards is answered later.
    await system.remote.add(1, 2);
    const app = otherApp(system, combination);
    const result = app.attach(system.remote.wait, json);
    expect(await result.get(soon)).toBe("finished after 0");
    expect(await result.state()).toBe("SUCCESS");
    await result.forget();
    expect(await queueExists(`ligature.result.${id}`)).toBe(false);
  });

  it("is delivered when the caller had closed its app", async () => {
    await using system = await startLabOn(combination);
    const { caller, json } = await sending(system);
    await caller.close();
    const app = otherApp(system, combination);
    const result = app.attach(system.remote.wait, json);
    system.journal.give("run:1", "finish");
    expect(await result.get(soon)).toBe("finished after 0");
    await result.forget();
  });

  it("is delivered when the caller had received it, and was killed then", async () => {
    await using system = await startLabOn(combination);
    const { caller, json } = await sending(system);
    system.journal.give("run:1", "finish");
    expect(await caller.next()).toEqual({ value: "finished after 0" });
    await caller.kill();
    const app = otherApp(system, combination);
    const result = app.attach(system.remote.wait, json);
    expect(await result.get(soon)).toBe("finished after 0");
    await result.forget();
  });

  it("is delivered to the same program, restarted, twice", async () => {
    await using system = await startLabOn(combination);
    const { caller, id, json } = await sending(system);
    await caller.kill();
    const second = await start(system, "attach");
    expect(await second.next()).toEqual({ attached: id });
    await second.kill();
    const third = await start(system, "attach");
    expect(await third.next()).toEqual({ attached: id });
    system.journal.give("run:1", "finish");
    expect(await third.next()).toEqual({ value: "finished after 0" });
    await otherApp(system, combination).attach(system.remote.wait, json).forget();
  });

  it("is delivered to both when the caller is still there, with its progress", async () => {
    await using system = await startLabOn(combination);
    const { caller, json } = await sending(system);
    const app = otherApp(system, combination);
    const result = app.attach(system.remote.wait, json);
    // Listening, from here on.
    await result.state();
    const reports = result.progress()[Symbol.asyncIterator]();
    for (const step of [1, 2, 3]) {
      system.journal.give(`run:${step}`, "continue");
      expect(await reports.next()).toEqual({ done: false, value: { step } });
      expect(await caller.next()).toEqual({ progress: step });
    }
    system.journal.give("run:4", "finish");
    expect(await result.get(soon)).toBe("finished after 3");
    expect(await caller.next()).toEqual({ value: "finished after 3" });
    await result.forget();
  });
});

describe("a reply queue that others look after", () => {
  const rpc = acrossProcesses.find(({ name }) => name.includes("rpc")) as Combination;

  it("lets any number attach to a result at the same moment", async () => {
    await using system = await startLabOn(rpc);
    const sent = await system.remote.add.delay(1, 2);
    await sent.get(soon);
    const json: unknown = JSON.parse(JSON.stringify(await sent.keep()));
    const holders = Array.from({ length: 12 }, () => otherApp(system, rpc).attach(system.lab.add, json));
    expect(await Promise.all(holders.map((holder) => holder.get(soon)))).toEqual(holders.map(() => 3));
    await sent.forget();
  });

  it("keeps what is its owner's, who only lost the connection", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    await using system = await startLabOn(rpc);
    const owner = system.newApp({ name: "owner", broker: proxy.through(amqpUrl()), backend: "rpc://" });
    const remote = owner.remote(system.lab);
    const [kept, own] = [await remote.wait.delay("kept"), await remote.wait.delay("own")];
    const json: unknown = JSON.parse(JSON.stringify(await kept.keep()));
    const attached = otherApp(system, rpc).attach(system.remote.wait, json);
    await Promise.all([attached.state(), system.journal.entry("wait:kept"), system.journal.entry("wait:own")]);
    await proxy.shut();
    system.journal.give("own:1", "finish");
    system.journal.give("kept:1", "finish");
    // It comes by way of the owner's queue, which is looked after meanwhile.
    expect(await attached.get(soon)).toBe("finished after 0");
    await proxy.open();
    expect(await own.get(soon)).toBe("finished after 0");
    expect(await kept.get(soon)).toBe("finished after 0");
    await attached.forget();
  });
});

function otherApp(system: LabSystem, combination: Combination): App {
  return system.newApp({ name: "other", backend: combination.backend() ?? "rpc://" });
}

async function queueExists(name: string): Promise<boolean> {
  const broker = openBroker(amqpUrl(), {
    name: "look",
    log: silentLogger,
    publishTimeout: 10_000,
    maxPayload: 1000,
    maxUnconfirmed: 1,
  });
  try {
    return (await broker.inspect(name)) !== undefined;
  } finally {
    await broker.close();
  }
}
