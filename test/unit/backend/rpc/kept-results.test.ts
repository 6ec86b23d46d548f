import { describe, expect, it } from "vitest";
import type { Watch } from "../../../../src/dist/backend/index.js";
import type { ResultOrigin, StoredResult } from "../../../../src/dist/protocol/index.js";
import { backendBench, resultOf, type BackendHandle } from "../../../support/backend-bench.ts";
import { messageTo } from "../../../support/broker-bench.ts";
import { Inbox } from "../../../support/inbox.ts";
import { eventually } from "../../../support/patience.ts";

describe("a result that rpc:// keeps for others", () => {
  const bench = backendBench({ url: () => "rpc://", broker: () => "memory://" });

  async function caller(): Promise<
    BackendHandle & { readonly to: { readonly replyTo: string; readonly correlationId: undefined } }
  > {
    const opened = bench.open();
    await opened.backend.start();
    return { ...opened, to: { replyTo: opened.backend.replyTo ?? "", correlationId: undefined } };
  }

  function attach({ backend }: BackendHandle, from: ResultOrigin, id = "id"): { inbox: Inbox<StoredResult>; watch: Watch } {
    const inbox = new Inbox<StoredResult>();
    return { inbox, watch: backend.watch(id, inbox.put, from) };
  }

  async function keep({ backend }: BackendHandle, id = "id", latest?: StoredResult): Promise<ResultOrigin> {
    if (backend.keep === undefined) throw new Error("This backend keeps nothing.");
    return backend.keep(id, latest);
  }

  it("is told to its caller once, and to all who attach", async () => {
    const [owner, other, third, worker] = [await caller(), await caller(), await caller(), bench.open()];
    const own: StoredResult[] = [];
    owner.backend.watch("id", (result) => own.push(result));
    const from = await keep(owner);
    const [one, two] = [attach(other, from), attach(third, from)];
    await Promise.all([one.watch.caughtUp, two.watch.caughtUp]);
    await worker.backend.store(resultOf("id", 1, "PROGRESS"), owner.to);
    await worker.backend.store(resultOf("id", 2, "PROGRESS"), owner.to);
    await worker.backend.store(resultOf("id", "end"), owner.to);
    for (const { inbox } of [one, two]) {
      const seen: unknown[] = [];
      while (seen.at(-1) !== "end") seen.push((await inbox.next()).result);
      // Who looks into the register just then may see the end first: nothing comes behind it.
      expect([[1, 2, "end"], [1, "end"], ["end"]]).toContainEqual(seen);
      expect(inbox.unread).toBe(0);
    }
    await eventually(() => expect(own.map(({ result }) => result)).toEqual([1, 2, "end"]));
  });

  it("that had come before it was kept is there for others, and its reply queue goes with its app", async () => {
    const [owner, other] = [await caller(), await caller()];
    const from = await keep(owner, "id", resultOf("id", "long ago"));
    await owner.backend.close();
    expect(await other.broker.inspect(from.replyTo)).toBeUndefined();
    const { inbox, watch } = attach(other, from);
    await watch.caughtUp;
    expect((await inbox.next()).result).toBe("long ago");
  });

  it("leaves the reply queue of a closed app to whoever still waits", async () => {
    const [owner, other, worker] = [await caller(), await caller(), bench.open()];
    const from = await keep(owner);
    await owner.backend.close();
    const { inbox } = attach(other, from);
    await worker.backend.store(resultOf("id", "late"), owner.to);
    expect((await inbox.next()).result).toBe("late");
  });

  it("is found behind thousands of others, which stay where they are", async () => {
    const [owner, other, worker] = [await caller(), await caller(), bench.open()];
    const from = await keep(owner);
    await owner.backend.close();
    await worker.broker.publish(messageTo(from.replyTo, "no result"));
    for (let count = 0; count < 2500; count += 1) await worker.backend.store(resultOf(`other ${count}`, count), owner.to);
    await worker.backend.store(resultOf("id", "last"), owner.to);
    const { inbox, watch } = attach(other, from);
    expect((await inbox.next()).result).toBe("last");
    watch.close();
    // With a copy for the owner, should it come back.
    const all = { ready: 2502, consumers: 0 };
    await eventually(async () => expect(await other.broker.inspect(from.replyTo)).toEqual(all));
  });

  it("is gone when it was forgotten by whomever, and others are none of its business", async () => {
    const [owner, other] = [await caller(), await caller()];
    const from = await keep(owner);
    await keep(owner, "another");
    const { watch } = attach(other, from);
    await watch.caughtUp;
    await other.backend.forget?.("unknown");
    await other.backend.forget?.("another");
    await other.backend.forget?.("id");
    expect(await other.broker.inspect("ligature.result.id")).toBeUndefined();
    expect(await other.broker.inspect("ligature.result.another")).toBeDefined();
  });

  it("is not kept when the broker refuses, which its keeper is told, and can be tried again", async () => {
    const [owner, other, worker] = [await caller(), await caller(), bench.open()];
    await owner.broker.declare({ kind: "latest-result", name: "ligature.result.id", key: "id", expires: 1234 });
    const own: StoredResult[] = [];
    owner.backend.watch("id", (result) => own.push(result));
    // What comes meanwhile is told to its caller all the same.
    const refused = keep(owner);
    await worker.backend.store(resultOf("id", "end"), owner.to);
    await expect(refused).rejects.toMatchObject({ code: "QUEUE_MISMATCH" });
    await eventually(() => expect(own.map(({ result }) => result)).toEqual(["end"]));
    await owner.broker.deleteQueue("ligature.result.id");
    const { inbox } = attach(other, await keep(owner, "id", own[0]));
    expect((await inbox.next()).result).toBe("end");
  });

  it("can't be kept once its app is closed", async () => {
    const owner = await caller();
    await owner.backend.close();
    await expect(keep(owner)).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("can be watched again by its own app, from the beginning", async () => {
    const [owner, worker] = [await caller(), bench.open()];
    const from = await keep(owner);
    await worker.backend.store(resultOf("id", "end"), owner.to);
    const { inbox, watch } = attach(owner, from);
    await watch.caughtUp;
    expect((await inbox.next()).result).toBe("end");
  });
});
