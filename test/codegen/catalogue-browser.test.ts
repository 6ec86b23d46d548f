import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../scripts/lib/programs.mjs";
import { largeCatalogue } from "./support/large-catalogue.ts";

/** Where to leave pictures for people: `LIGATURE_PICTURES=/tmp/pictures npm test -- codegen -- catalogue-browser`. */
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
      for (const state of ["folded", "unfolded"]) {
        if (state === "unfolded") await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
        const { violations } = await audit(page);
        expect(violations, state).toEqual([]);
      }
    });
  });
});

async function audit(page: Page): Promise<{ readonly violations: readonly unknown[] }> {
  return page.evaluate(`axe.run(document).then(({ violations }) => ({ violations }))`) as never;
}
