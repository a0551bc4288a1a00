/**
 * Pages of reports in a browser, for tests.
 */

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"];
const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", ...QUIET];

/** Where pages and pictures are kept; nowhere unless told. */
const KEPT_FOLDER = process.env.XBZRLE_ARTEFACTS ?? "";

/** A screen on a desk. */
export const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };
/** A phone. */
export const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true };
/** Dark colours, on either. */
export const DARK: BrowserContextOptions = { colorScheme: "dark" };

/** An expression for a page, with a promise that is kept when what it shows now can be seen. */
export const PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

/** True if there is a browser to test with. */
export const hasChromium = existsSync(CHROMIUM);

/** Opens pages, and keeps them and pictures of them in a folder. */
export class PageOpener {
  readonly #browser: Browser;
  /** XBZRLE_ARTEFACTS, or a new folder that goes when the browser does. */
  readonly folder: string;

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser;
    this.folder = folder;
  }

  /** Starts the browser. */
  static async start(): Promise<PageOpener> {
    const folder = KEPT_FOLDER === "" ? mkdtempSync(join(tmpdir(), "xbzrle-page-")) : KEPT_FOLDER;
    mkdirSync(folder, { recursive: true });
    return new PageOpener(await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS }), folder);
  }

  /** Ends it. */
  async end(): Promise<void> {
    await this.#browser.close();
    if (KEPT_FOLDER === "") rmSync(this.folder, { recursive: true });
  }

  /** Keeps a picture of what is seen of a page now. */
  async picture(page: Page, name: string): Promise<void> {
    await page.evaluate(PAINTED);
    await page.screenshot({ path: join(this.folder, `${name}.png`) });
  }

  /**
   * Shows a page as long as `act` takes, and gives what the page did that no page of a report does: requests, words on
   * the console, errors, dialogs.
   */
  async show(
    name: string,
    html: string,
    options: BrowserContextOptions,
    act: (page: Page, url: string) => Promise<void>,
  ): Promise<string[]> {
    const file = join(this.folder, `${name}.html`);
    writeFileSync(file, html);
    const url = pathToFileURL(file).href;
    const context = await this.#browser.newContext(options);
    const page = await context.newPage();
    const unwanted: string[] = [];
    page.on("request", (request) => {
      if (request.url() !== url && !request.url().startsWith("data:")) unwanted.push(request.url());
    });
    page.on("console", (message) => unwanted.push(message.text()));
    page.on("pageerror", (error) => unwanted.push(error.message));
    page.on("dialog", async (dialog) => {
      unwanted.push(dialog.message());
      await dialog.dismiss();
    });
    try {
      await page.goto(url);
      if (options.javaScriptEnabled !== false) await page.waitForSelector("html[data-ready]");
      await act(page, url);
    } finally {
      await context.close();
    }
    return unwanted;
  }
}

/** An expression for a page: its texts that have too little contrast with what is behind them (WCAG 2, level AA). */
export const LOW_CONTRAST = `(() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (!hasText || !element.checkVisibility() || element.closest("script, noscript, option")) continue;
    const [text, back] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    if (ratio < 4.5) low.push(element.className + " " + element.textContent.slice(0, 40) + " " + ratio.toFixed(2));
  }
  return low;
})()`;
