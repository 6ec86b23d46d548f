import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { findChromium } from "../../scripts/lib/programs.mjs";

/** A browser that talks to nobody by itself. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
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
}

/** What axe finds wrong with a page, one line each. Works where the page lets no foreign script in. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run(document).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => id + ": " + html.slice(0, 200) + any.map(({ message }) => " | " + message).join(""))))`);
}
