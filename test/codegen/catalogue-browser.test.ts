import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../scripts/lib/programs.mjs";
import { largeCatalogue } from "./support/large-catalogue.ts";

/** Where to leave pictures for people: `LIGATURE_PICTURES=~/pictures npm test -- codegen -- codegen/catalogue-browser`. */
const pictures = process.env["LIGATURE_PICTURES"];
const views = [1280, 390].flatMap((width) => (["light", "dark"] as const).map((light) => ({ width, light })));
const height = 844;

let browser: Browser;
let folder: string;
let address: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ligature-catalogue-"));
  writeFileSync(join(folder, "index.html"), largeCatalogue());
  address = pathToFileURL(join(folder, "index.html")).href;
  browser = await chromium.launch({
    executablePath: findChromium() ?? "",
    // Containers have neither a sandbox for root nor a graphics card; and nothing here is anybody else's business.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface View {
  readonly width?: number;
  readonly light?: "light" | "dark";
  readonly script?: boolean;
  readonly hash?: string;
}

/** The page, as somebody opens it; what it complains about fails the test. */
async function opened<T>(view: View, use: (page: Page) => Promise<T>): Promise<T> {
  const { width = 1280, light = "light", script = true, hash = "" } = view;
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height },
    colorScheme: light,
    javaScriptEnabled: script,
  });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`${address}${hash}`);
    const result = await use(page);
    expect(complaints).toEqual([]);
    return result;
  } finally {
    await context.close();
  }
}

async function take(page: Page, name: string, fullPage = false): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}

const task = "accountsReceivable.chargeOutstandingInvoicesOfAllCustomersInRegion";

describe.each(views)("at $width px, $light", ({ width, light }) => {
  test("axe finds nothing, folded and unfolded", async () => {
    await opened({ width, light }, async (page) => {
      await page.evaluate(axe.source);
      await take(page, `${width}-${light}`);
      await take(page, `${width}-${light}-whole`, true);
      // Five contracts stay folded: of their 50 tasks, none is of another form than these.
      await page.evaluate(
        "for (const each of document.querySelectorAll('.overview details, .overview + .contract details')) each.open = true",
      );
      expect(await page.locator("details.entry[open]").count()).toBeGreaterThan(10);
      expect(await violations(page)).toEqual([]);
    });
  });

  test("nothing is cut off, and names break between their words", async () => {
    await opened({ width, light, hash: `#task-${task}` }, async (page) => {
      await take(page, `${width}-${light}-task`);
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      const cut: unknown = await page.evaluate(`[...document.querySelectorAll("body *")]
        .filter((each) => !(each instanceof SVGElement) && !each.matches(".picture, .filter label, thead, thead *"))
        .filter((each) => each.scrollWidth > Math.ceil(each.getBoundingClientRect().width) + 1 && getComputedStyle(each).display !== "inline")
        .map((each) => each.outerHTML.slice(0, 200))`);
      expect(cut).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      const broken: unknown =
        await page.evaluate(`[...document.querySelectorAll("summary :is(h3, h4), dt code")].flatMap((name) => {
        const texts = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
        const broken = [];
        while (texts.nextNode()) {
          const range = document.createRange();
          range.selectNodeContents(texts.currentNode);
          if (range.getClientRects().length > 1) broken.push(name.textContent);
        }
        return broken;
      })`);
      expect(broken).toEqual([]);
    });
  });
});

test("what there is comes first, on a phone too, and tasks are folded up", async () => {
  await opened({ width: 390 }, async (page) => {
    const { y = Infinity } = (await page.locator("h1").boundingBox()) ?? {};
    expect(y).toBeLessThan(200);
    // It was 58,000 px: the summary of a task is 4 lines at most.
    expect(await page.evaluate("document.documentElement.scrollHeight")).toBeLessThan(60 * 250);
    expect(await page.locator("details.task").count()).toBe(60);
    expect(await page.locator("details.task[open]").count()).toBe(0);
  });
});

test("one button unfolds all tasks, and folds them up again", async () => {
  await opened({}, async (page) => {
    const open = page.locator("details.task[open]");
    await page.locator("#fold").click();
    expect(await open.count()).toBe(60);
    await page.locator("#fold").click();
    expect(await open.count()).toBe(0);
  });
});

test("by keys: the first leads past all navigation, and whatever scrolls can be reached", async () => {
  await opened({}, async (page) => {
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toBe("Skip to content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.querySelector('main').contains(document.activeElement)")).toBe(true);
    const unreachable: unknown = await page.evaluate(`[...document.querySelectorAll("main *")]
      .filter((each) => ["auto", "scroll"].includes(getComputedStyle(each).overflowX) && each.tabIndex < 0)
      .map((each) => each.outerHTML.slice(0, 100))`);
    expect(unreachable).toEqual([]);
  });
});

describe("the filter", () => {
  test("shows the tasks that have all the words, anywhere in what is said of them", async () => {
    await opened({}, async (page) => {
      const shown = page.locator("details.task:visible");
      const count = page.locator("#count");
      expect(await count.textContent()).toBe("60 tasks");
      await page.keyboard.press("/");
      await page.keyboard.type("INVOICES customers");
      expect(await shown.count()).toBe(1);
      expect(await count.textContent()).toBe("1 of 60 tasks");
      expect(await page.locator("section.contract:visible h2").allTextContents()).toEqual(["accountsReceivable"]);
      await take(page, "filter");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      expect(await page.locator("details.task[open] h3").allTextContents()).toEqual([task.split(".")[1]]);
      // In a parameter, which is folded up.
      await page.locator("#filter").fill("maximumAmountInMinorUnits");
      expect(await shown.count()).toBe(24);
      await page.locator("#filter").fill("no such words");
      expect(await shown.count()).toBe(0);
      expect(await page.locator("#nothing").isVisible()).toBe(true);
      await page.keyboard.press("Escape");
      expect(await shown.count()).toBe(60);
      expect(await page.locator("h1").isVisible()).toBe(true);
    });
  });

  test("a link to a task that it hides shows all again", async () => {
    await opened({}, async (page) => {
      await page.locator("#filter").fill("thumbnail");
      await page.locator("nav a", { hasText: "shippingAndFulfilment" }).click();
      expect(await page.locator("#filter").inputValue()).toBe("");
      expect(await page.locator("#contract-shippingAndFulfilment").isVisible()).toBe(true);
    });
  });
});

describe("a link to a task unfolds it", () => {
  test.each([{ script: true }, { script: false }])("from outside, script: $script", async ({ script }) => {
    await opened({ script, hash: `#task-${task}` }, async (page) => {
      await page.locator(`[id="task-${task}"]`).waitFor({ state: "visible" });
      expect(await page.locator("details.task[open]").count()).toBe(1);
      // What can't work without a script isn't shown.
      expect(await page.locator("#filter").isVisible()).toBe(script);
    });
  });

  test("from the picture: its tasks, and its arrows, which lead to what they start", async () => {
    await opened({}, async (page) => {
      await page.locator("#links").scrollIntoViewIfNeeded();
      const picture = page.locator(".picture");
      await picture.scrollIntoViewIfNeeded();
      if (pictures !== undefined) await picture.screenshot({ path: join(pictures, "links.png") });
      expect(await page.locator("rect.service").count()).toBe(7);
      const arrows: unknown = await page.evaluate(`[...document.querySelectorAll(".picture a.edge")].map((each) => ({
        is: each.getAttribute("aria-label").split(": ").at(-1),
        leads: document.getElementById(each.getAttribute("href").slice(1))?.id,
      }))`);
      expect(arrows).toHaveLength(17);
      for (const { is, leads } of arrows as readonly { readonly is: string; readonly leads: string }[])
        expect(leads).toBe(`task-${is}`);
      await page.locator(`.picture a.edge.chord .hit`).dispatchEvent("click");
      await page.locator("details.task[open]").waitFor();
      await page.locator(`.picture a.task[aria-label="${task}"]`).click();
      await page.locator(`[id="task-${task}"]`).waitFor({ state: "visible" });
      // Once more, after it was folded up by hand: the address stays the same.
      await page.locator("details.task[open] summary", { hasText: task.split(".")[1] ?? "" }).click();
      await page.locator(`.picture a.task[aria-label="${task}"]`).click();
      await page.locator(`[id="task-${task}"]`).waitFor({ state: "visible" });
    });
  });
});

/** All of axe's rules for pages but those that are experiments. */
async function violations(page: Page): Promise<unknown> {
  return page.evaluate(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] })
      .then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) })))`,
  );
}
