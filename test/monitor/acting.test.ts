import { randomUUID } from "node:crypto";
import { openMonitor, openStore, type Database, type Monitor, type MonitorOptions } from "@ligature/monitor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MadeUpSystem, Sender } from "../support/made-up-system.ts";
import { eventually } from "../support/patience.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = await temporaryFolder();
const system = new MadeUpSystem();
const worker = new Sender("w@acting");
const flow = randomUUID();
let database: Database;
const monitors: Monitor[] = [];

beforeAll(async () => {
  database = await openStore({ folder: `${folder.path}/monitor` });
});

afterAll(async () => {
  for (const monitor of monitors) await monitor.close();
  await database.close();
  await folder.remove();
});

async function monitorWith(options: Partial<MonitorOptions> = {}): Promise<Monitor> {
  const monitor = await openMonitor({
    broker: "amqp://nowhere",
    contracts: [],
    parts: { ...system.parts, database },
    ...options,
  });
  monitors.push(monitor);
  return monitor;
}

const own = { "sec-fetch-site": "same-origin", accept: "text/html" };

function post(
  monitor: Monitor,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = own,
): Promise<Response> {
  return monitor.fetch(new Request(`http://localhost${path}`, { method: "POST", headers, body: new URLSearchParams(fields) }));
}

function get(monitor: Monitor, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return monitor.fetch(new Request(`http://localhost${path}`, { headers: { accept: "text/html", ...headers } }));
}

describe("revoking", () => {
  let monitor: Monitor;
  const ids = Array.from({ length: 5 }, () => randomUUID());

  beforeAll(async () => {
    monitor = await monitorWith();
    for (const uuid of ids) system.say(...worker.task({ uuid, name: "acting.open", root_id: flow }).slice(0, 2));
    system.say(...worker.task({ uuid: randomUUID(), name: "acting.open", root_id: flow }));
    await eventually(() => expect(monitor.statistics.written).toBe(13));
  });

  test("one, and to stop it", async () => {
    const answer = await post(monitor, `/runs/${ids[0]}/revoke`, { terminate: "yes" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `/runs/${ids[0]}?told=1`]);
    expect(system.revoked.splice(0)).toEqual([{ ids: [ids[0]], terminate: true }]);
    expect(await (await get(monitor, `/runs/${ids[0]}?told=1`)).text()).toContain("All workers were told not to start 1 task.");
  });

  test("what is left of a flow, those that are chosen, and all that fit a filter", async () => {
    await post(monitor, `/flows/${flow}/revoke`, {});
    expect(new Set(system.revoked.splice(0)[0]?.ids)).toEqual(new Set(ids));
    const chosen = new Request("http://localhost/revoke", {
      method: "POST",
      headers: own,
      body: new URLSearchParams([
        ["id", ids[1] ?? ""],
        ["id", ids[2] ?? ""],
      ]),
    });
    await monitor.fetch(chosen);
    expect(system.revoked.splice(0)).toEqual([{ ids: [ids[1], ids[2]], terminate: false }]);
    const question = await (await get(monitor, "/revoke?task=acting.open")).text();
    expect(question).toMatch(/5 tasks that haven(&#39;|')t ended with task .*acting\.open/);
    expect(system.revoked).toEqual([]);
    const answer = await post(monitor, "/revoke", { all: "yes", task: "acting.open" });
    expect(answer.headers.get("location")).toBe("/search?told=5");
    expect(new Set(system.revoked.splice(0)[0]?.ids)).toEqual(new Set(ids));
  });

  test("a filter that can't be read revokes nothing", async () => {
    const answer = await post(monitor, "/revoke", { all: "yes", from: "yesterday" });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('"yesterday" is no time')]);
    expect(system.revoked).toEqual([]);
  });

  test("what fails half way says how far it came; all of it is written down", async () => {
    system.refusal = new Error("no broker");
    const answer = await post(monitor, `/runs/${ids[3]}/revoke`, {});
    system.refusal = undefined;
    expect(answer.headers.get("location")).toBe(`/runs/${ids[3]}?partly=0`);
    const log = await (await get(monitor, "/audit")).text();
    expect(log).toContain("told of 0 of 1 tasks, then: no broker");
    expect(log).toContain(`flow ${flow}`);
    expect(log).toContain("workers were told: 5 tasks");
  });
});

describe("who may", () => {
  test("no other site's page can press a button", async () => {
    const monitor = await monitorWith();
    const path = `/runs/${randomUUID()}/revoke`;
    const from = async (headers: Record<string, string>): Promise<number> => (await post(monitor, path, {}, headers)).status;
    expect(await from({ "sec-fetch-site": "cross-site", origin: "http://localhost" })).toBe(403);
    expect(await from({ "sec-fetch-site": "same-site" })).toBe(403);
    expect(await from({})).toBe(403);
    expect(await from({ origin: "http://evil.example", host: "localhost" })).toBe(403);
    expect(await from({ origin: "null", host: "localhost" })).toBe(403);
    expect(system.revoked).toEqual([]);
    // Browsers leave Sec-Fetch-Site out on plain http beyond localhost.
    expect(await from({ origin: "http://localhost", host: "localhost" })).toBe(303);
    system.revoked.length = 0;
  });

  test("by a token: as a header, or by the login page; one may act, the other look", async () => {
    const monitor = await monitorWith({ token: "s3cret", lookToken: "l00k" });
    const revoke = `/runs/${randomUUID()}/revoke`;
    expect((await get(monitor, "/")).status).toBe(401);
    expect(await (await get(monitor, "/")).text()).toContain('name="token"');
    expect((await get(monitor, "/changes", { accept: "text/event-stream" })).status).toBe(401);
    expect((await post(monitor, revoke, {})).status).toBe(401);
    for (const wrong of ["", "s3cre", "s3cret ", "L00K"])
      expect((await post(monitor, "/login", { token: wrong })).status).toBe(401);
    const [act = "", look = ""] = await Promise.all(
      ["s3cret", "l00k"].map(
        async (token) => (await post(monitor, "/login", { token })).headers.get("set-cookie")?.split(";")[0],
      ),
    );
    expect((await get(monitor, "/", { cookie: look })).status).toBe(200);
    expect(await (await get(monitor, "/", { cookie: look })).text()).toContain("may only look");
    expect((await post(monitor, revoke, {}, { ...own, cookie: look })).status).toBe(403);
    // The one can't be made of the other.
    expect((await get(monitor, "/", { cookie: look.replace("look.", "act.") })).status).toBe(401);
    expect((await post(monitor, revoke, {}, { ...own, cookie: act })).status).toBe(303);
    // A program has no page that it could come from.
    expect((await post(monitor, revoke, {}, { authorization: "Bearer s3cret" })).status).toBe(303);
    expect((await post(monitor, revoke, {}, { authorization: "Bearer l00k" })).status).toBe(403);
    expect((await post(monitor, revoke, {}, { authorization: "Bearer wrong" })).status).toBe(401);
    expect(system.revoked.splice(0).length).toBe(2);
  });

  test("by a proxy's header, and only those who are named may act", async () => {
    const monitor = await monitorWith({ userHeader: "x-forwarded-user", actors: ["ada"] });
    const path = `/runs/${randomUUID()}/revoke`;
    expect((await get(monitor, "/")).status).toBe(401);
    expect((await post(monitor, path, {}, { ...own, "x-forwarded-user": "bob" })).status).toBe(403);
    expect((await post(monitor, path, {}, { ...own, "x-forwarded-user": "ada" })).status).toBe(303);
    expect(await (await get(monitor, "/audit", { "x-forwarded-user": "bob" })).text()).toMatch(/ada.*revoke/s);
    system.revoked.length = 0;
  });

  test("read-only: nobody", async () => {
    const monitor = await monitorWith({ readOnly: true, authenticate: () => ({ who: "ada", role: "act" }) });
    expect((await post(monitor, `/runs/${randomUUID()}/revoke`, {})).status).toBe(403);
    expect(await (await get(monitor, "/search")).text()).not.toContain("Revoke");
  });

  test("by another name than localhost it doesn't answer (a name that leads here may be anybody's)", async () => {
    const monitor = await monitorWith({ hosts: ["localhost"] });
    expect((await monitor.fetch(new Request("http://evil.example/"))).status).toBe(421);
    expect((await get(monitor, "/")).status).toBe(200);
  });

  test("every answer says that nothing foreign is run, framed or sniffed", async () => {
    const monitor = await monitorWith({ token: "s3cret" });
    for (const path of ["/", "/assets/style.css", "/nowhere"]) {
      const { headers } = await get(monitor, path);
      expect(headers.get("content-security-policy")).toMatch(
        /default-src 'none'; script-src 'self'; style-src 'self';.*frame-ancestors 'none'/,
      );
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});
