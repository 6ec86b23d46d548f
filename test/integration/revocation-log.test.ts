import { task } from "ligature/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startRabbitmq, type PrivateRabbitmq } from "../../scripts/lib/private-rabbitmq.mjs";
import { recordLog } from "../support/log-recorder.ts";
import { startOwn } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";

const tasks = { run: task({ params: { key: z.string() }, returns: z.string() }) };

/** What takes a RabbitMQ whose users and queues are the test's. */
describe("the log of revocations", () => {
  let rabbitmq: PrivateRabbitmq;
  beforeAll(async () => {
    rabbitmq = await startRabbitmq({});
  });
  afterAll(() => rabbitmq.stop());

  const said = /revocations can't be kept for workers that start later/;
  const handlers = () => ({ run: (name: string) => name });

  it("does without where the user may not use it, says so once, and still revokes by broadcast", async () => {
    await rabbitmq.ctl("add_user", "narrow", "secret");
    const others = "^(?!ligature\\.revoked$).*";
    await rabbitmq.ctl("set_permissions", "narrow", others, ".*", others);
    const { log, lines } = recordLog();
    const url = rabbitmq.url.replace("guest:guest", "narrow:secret");
    await using system = await startOwn<"run">(url, { tasks, handlers, log });
    await system.newWorker().start();
    const delayed = await system.remote.run.applyAsync(["x"], { countdown: 1000 });
    await delayed.revoke();
    await delayed.revoke();
    await expect(delayed.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    // One for each app: the caller's and those of both workers.
    expect(lines.filter(({ message }) => said.test(message))).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  it("outlives a restart of RabbitMQ, and is followed again after it", async () => {
    await using system = await startOwn<"run">(rabbitmq.url, { tasks, handlers, start: false });
    const before = await system.remote.run.delay("before");
    await before.revoke();
    const other = system.newWorker();
    await rabbitmq.ctl("stop_app");
    await rabbitmq.ctl("start_app");
    const after = await system.remote.run.applyAsync(["after"], { countdown: 1000 });
    await after.revoke();
    await system.worker.start();
    await other.start();
    for (const result of [before, after])
      await expect(result.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
  });

  it("does without where somebody has declared something else in its place", async () => {
    await rabbitmq.ctl("add_vhost", "other");
    await rabbitmq.ctl("set_permissions", "-p", "other", "guest", ".*", ".*", ".*");
    const url = `${rabbitmq.url}/other`;
    const { connect } = await import("amqplib");
    const model = await connect(url);
    const channel = await model.createChannel();
    await channel.assertQueue("ligature.revoked");
    await model.close();
    const { log, lines } = recordLog();
    await using system = await startOwn<"run">(url, { tasks, handlers, log });
    expect(await system.remote.run("x")).toBe("x");
    expect(lines.filter(({ message }) => said.test(message))).toHaveLength(1);
  });
});
