import { notifications } from "@example/notifications";
import { createApp, silentLogger, type App } from "ligature";
import { describe, expect, it } from "vitest";
import { randomUUID } from "node:crypto";
import { brokers } from "../support/brokers.ts";
import { memoryDatabase } from "../support/interceptor-database.ts";
import { audited, redact, signedBy, tenantOf, timed, transactions } from "../support/interceptor-examples.ts";

/** The interceptors of docs/guides/interceptors.md, at work. */
describe.each(brokers)("the guide's interceptors on $name", ({ url }) => {
  it("make transactions, tenants, users, metrics and a log of what was sent", async () => {
    const broker = url().startsWith("memory:") ? `memory://${randomUUID()}` : url();
    const database = memoryDatabase();
    const tenant = tenantOf(() => "acme");
    const signed = signedBy("a key");
    const times: string[] = [];
    const audit: string[] = [];
    const log = silentLogger;
    const service = createApp({
      name: "service",
      broker,
      log,
      interceptors: {
        run: [timed((task, outcome) => times.push(`${task} ${outcome}`)), redact(/password \S+/), transactions(database)],
      },
    });
    const caller = createApp({
      name: "caller",
      broker,
      log,
      interceptors: { send: [audited((line) => audit.push(line)), tenant.send, signed.send(() => "ada")] },
    });
    const stranger: App = createApp({
      name: "stranger",
      broker,
      log,
      interceptors: { send: [tenant.send, signedBy("another key").send(() => "ada")] },
    });
    const nobody = createApp({ name: "nobody", broker, log });
    try {
      const worker = service.worker(
        notifications,
        {
          notify: async (notice, ctx) => {
            await ctx.db.insert(`${ctx.tenant} ${ctx.user.name}: ${notice.text}`);
            if (notice.text === "bad") throw new Error("wrong password hunter2 for the database");
            return notice.text.length;
          },
          listNotices: () => [],
        },
        { interceptors: { run: [tenant.run, signed.run] } },
      );
      await worker.start();
      const notify = (app: App, text: string) =>
        app
          .remote(notifications)
          .notify({ key: randomUUID(), recipient: "ada", text })
          .catch((error: Error) => error.message);
      await expect(notify(caller, "hello")).resolves.toBe(5);
      expect(database.rows).toEqual(["acme ada: hello"]);
      expect(await notify(caller, "bad")).toContain("wrong *** for the database");
      expect(await notify(stranger, "hello")).toContain("notifications.notify has a wrong signature.");
      expect(await notify(nobody, "hello")).toContain("notifications.notify was sent without a tenant.");
      expect(database.rows).toEqual(["acme ada: hello"]);
      expect(audit).toEqual([
        expect.stringMatching(/^call notifications\.notify [0-9a-f]{12}$/),
        expect.stringMatching(/^call notifications\.notify [0-9a-f]{12}$/),
      ]);
      expect(new Set(times)).toEqual(new Set(["notifications.notify succeeded", "notifications.notify failed"]));
    } finally {
      await Promise.all([caller, stranger, nobody].map((app) => app.close()));
      await service.close();
    }
  });
});
