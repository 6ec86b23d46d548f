import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { listen, type RunningMonitor } from "@ligature/monitor";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeFindings, startChromium } from "../support/chromium.ts";
import { MadeUpSystem, Sender } from "../support/made-up-system.ts";
import { eventually } from "../support/patience.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Where to leave pictures for people: `LIGATURE_PICTURES=~/pictures npm test -- monitor -- monitor/pages-browser`. */
const pictures = process.env["LIGATURE_PICTURES"];
const views = [1280, 390].flatMap((width) => (["light", "dark"] as const).map((light) => ({ width, light })));

const folder = await temporaryFolder();
const system = new MadeUpSystem();
const catalog = new Sender("catalog@web-1");
const processing = new Sender("processing@worker-1");
const python = new Sender("celery@py-1", { numbered: false });
/** Of the tasks of one flow across three services. */
const ids = { register: randomUUID(), process: randomUUID(), failed: randomUUID(), report: randomUUID(), running: randomUUID() };
let running: RunningMonitor;
let browser: Browser;

beforeAll(async () => {
  system.queues.set("catalog", { ready: 3, consumers: 1 }).set("processing", { ready: 12, consumers: 0 });
  [running, browser] = await Promise.all([
    listen({
      broker: "amqp://nowhere",
      database: join(folder.path, "monitor"),
      port: 0,
      contracts: [join(import.meta.dirname, "../../packages")],
      title: "Example",
      parts: system.parts,
    }),
    startChromium(),
  ]);
  sayFlow();
  await eventually(() => expect(running.monitor.statistics.waiting).toBe(0));
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
  await folder.remove();
});

function sayFlow(): void {
  const root_id = ids.register;
  for (const each of [catalog, processing])
    system.say(each.event("worker-online", { sw_ident: "ligature", sw_ver: "0.1.0", freq: 60 }));
  system.say(python.event("worker-heartbeat", { sw_ident: "py-celery", sw_ver: "5.2.6", freq: 60, active: 0, processed: 12 }));
  const second = Date.now() / 1000 - 60;
  const at = (offset: number): { readonly timestamp: number } => ({ timestamp: second + offset });
  const start = { name: "catalog.registerFile", uuid: ids.register, root_id, queue: "catalog" };
  system.say(
    catalog.event("task-received", { ...start, ...at(0), retries: 0, args: "('orders.csv',)", kwargs: "{}" }),
    catalog.event("task-started", { uuid: ids.register, ...at(0.1) }),
    catalog.event("task-succeeded", { uuid: ids.register, ...at(0.2), runtime: 0.1, result: "7" }),
  );
  const process = { name: "processing.processFile", uuid: ids.process, root_id, parent_id: ids.register, queue: "processing" };
  const exception = "Error('the disk went away')";
  system.say(
    processing.event("task-received", { ...process, ...at(1), retries: 0 }),
    processing.event("task-started", { uuid: ids.process, ...at(2) }),
    processing.event("task-retried", {
      uuid: ids.process,
      ...at(5),
      exception,
      traceback: "Error: the disk went away\n    at read",
    }),
    processing.event("task-received", { ...process, ...at(10), retries: 1 }),
    processing.event("task-started", { uuid: ids.process, ...at(11) }),
    processing.event("task-progress", { uuid: ids.process, ...at(15), progress: { rows: 500, totalRows: 1000 } }),
    processing.event("task-failed", {
      uuid: ids.process,
      ...at(20),
      exception: "WrongFormat('line 3 has 4 cells')",
      traceback: "WrongFormat\n    at parse",
      runtime: 9,
    }),
  );
  for (const [sender, uuid, name, queue] of [
    [catalog, ids.failed, "catalog.markFailed", "catalog"],
    [python, ids.report, "reports.mail", "celery"],
  ] as const) {
    system.say(
      sender.event("task-received", { uuid, name, root_id, parent_id: ids.process, ...at(21), retries: 0, queue }),
      sender.event("task-started", { uuid, ...at(22) }),
      sender.event("task-succeeded", { uuid, ...at(25), runtime: 3 }),
    );
  }
  system.say(
    processing.event("task-received", {
      name: "processing.processFile",
      uuid: ids.running,
      root_id: ids.running,
      parent_id: null,
      retries: 0,
      queue: "processing",
    }),
    processing.event("task-started", { uuid: ids.running }),
    processing.event("task-progress", { uuid: ids.running, progress: { rows: 250, totalRows: 1000 } }),
  );
}

interface View {
  readonly width?: number;
  readonly light?: "light" | "dark";
  readonly script?: boolean;
}

/** A page, as somebody opens it; what it complains about fails the test. */
async function opened<T>(path: string, view: View, use: (page: Page) => Promise<T>): Promise<T> {
  const { width = 1280, light = "light", script = true } = view;
  const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme: light, javaScriptEnabled: script });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(new URL(path, running.url).href);
    const result = await use(page);
    expect(complaints).toEqual([]);
    return result;
  } finally {
    await context.close();
  }
}

const pages = {
  now: "/",
  search: "/search",
  run: `/runs/${ids.process}`,
  flow: `/flows/${ids.process}`,
  tasks: "/tasks",
  task: "/tasks/processing.processFile",
  queues: "/queues",
  revoke: "/revoke?task=processing.processFile",
  audit: "/audit",
} as const;

describe.each(views)("at $width px, $light", ({ width, light }) => {
  test("axe finds nothing, and nothing is wider than the screen", async () => {
    await opened("/", { width, light }, async (page) => {
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(new URL(path, running.url).href);
        await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
        if (pictures !== undefined) {
          mkdirSync(pictures, { recursive: true });
          await page.screenshot({ path: join(pictures, `monitor-${name}-${width}-${light}.png`), fullPage: true });
        }
        expect([name, ...(await axeFindings(page))]).toEqual([name]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      }
    });
  });
});

test("the first page says what runs, what failed, which queue nobody serves", async () => {
  await opened("/", {}, async (page) => {
    expect(await page.locator("#workers tbody tr").count()).toBe(3);
    expect(await page.locator("#failures tbody tr").innerText()).toMatch(/processing\.processFile\s+WrongFormat\s+1\s/);
    expect(await page.locator("#running progress").getAttribute("value")).toBe("0.25");
    expect(await page.locator("#queues tr", { hasText: "processing" }).innerText()).toMatch(/processing\s+12\s.*\s0\s*$/s);
    await page.locator("#failures a", { hasText: "1" }).click();
    expect(await page.locator("#found tbody tr").count()).toBe(1);
    expect(page.url()).toContain("error=WrongFormat");
  });
});

test("pages follow what happens, but not under the mouse, nor while they are paused", async () => {
  await opened("/", {}, async (page) => {
    await page.locator("#live", { hasText: "Live" }).waitFor();
    const row = page.locator("#running tr", { hasText: "live.task" });
    const begin = (): void =>
      system.say(...processing.task({ uuid: randomUUID(), name: "live.task", queue: "live" }).slice(0, 2));
    begin();
    await eventually(async () => expect(await row.count()).toBe(1));
    await page.locator("#running").hover();
    begin();
    const heard = Number(await page.evaluate("document.body.dataset.heard"));
    await eventually(async () => expect(Number(await page.evaluate("document.body.dataset.heard"))).toBeGreaterThan(heard + 1));
    expect(await row.count()).toBe(1);
    await page.mouse.move(2, 2);
    await eventually(async () => expect(await row.count()).toBe(2));
    await page.locator("#live").click();
    expect(await page.locator("#live").innerText()).toBe("Paused");
    begin();
    await eventually(async () => expect(await (await fetch(running.url)).text()).toMatch(/(live\.task.*){3}/s));
    expect(await row.count()).toBe(2);
    await page.locator("#live").click();
    await page.mouse.move(2, 2);
    await eventually(async () => expect(await row.count()).toBe(3));
  });
});

test("a flow, as it is and at any moment of the past, by keys alone", async () => {
  await opened(`/flows/${ids.failed}`, {}, async (page) => {
    const node = (name: string) => page.locator(".graph a", { hasText: name });
    expect(await page.locator(".graph a").count()).toBe(4);
    expect(await node("processFile").textContent()).toContain("attempt 2: failure in 9.0 s");
    expect(await node("mail").textContent()).toContain("celery@py-1");
    await page.locator("#moment").focus();
    await page.keyboard.press("Home");
    await eventually(async () => expect(await node("processFile").textContent()).toContain("not yet"));
    expect(await node("registerFile").textContent()).toContain("received");
    // 25 seconds long: to the middle of the second attempt.
    const middle = await page.evaluate<number>("Number(document.getElementById('moment').min) + 12_000");
    await page.goto(`${page.url().split("?")[0]}?at=${middle}`);
    expect(await node("processFile").textContent()).toContain("attempt 2: started for 1.0 s");
    expect(await node("mail").textContent()).toContain("not yet");
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toBe("Skip to content");
    await node("processFile").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/runs/${ids.process}`);
    expect(await page.locator("#history li").count()).toBe(7);
  });
});

test("without script, pages are as complete", async () => {
  await opened(`/flows/${ids.process}`, { script: false }, async (page) => {
    expect(await page.locator(".graph a").count()).toBe(4);
    await page.locator("form.moment button").click();
    expect(page.url()).toMatch(/\?at=\d+/);
    expect(await page.locator("#live").isHidden()).toBe(true);
  });
  await opened("/search", { script: false }, async (page) => {
    await page.locator("input[name=q]").fill("4 cells");
    await page.locator("button", { hasText: "Search" }).click();
    expect(await page.locator("#found tbody tr").count()).toBe(1);
  });
});

test("an id is found, and what isn't there says so", async () => {
  await opened(`/search?q=${ids.register}`, {}, async (page) => {
    expect(await page.locator("#found tbody tr").count()).toBe(4);
  });
  for (const path of ["/runs/nobody", "/flows/nobody", "/tasks/nobody", "/nowhere"]) {
    const answer = await fetch(new URL(path, running.url));
    expect([path, answer.status, (await answer.text()).includes("No such")]).toEqual([path, 404, true]);
  }
  const answer = await fetch(new URL("/search?state=BROKEN&from=yesterday", running.url));
  expect(await answer.text()).toMatch(/There is no state .*BROKEN.*is no time/s);
});
