import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser, type Page, type Viewport } from "puppeteer-core";
import { debianChromium } from "./debian-chromium.ts";

/** How a file is looked at. */
export interface LookOptions {
  /** Default 1280 by 800. */
  readonly viewport?: Viewport;
  /** What the page is told of the system's colours; default light. */
  readonly colorScheme?: "light" | "dark";
}

/** A file in a tab of its own. */
export interface Look {
  /** Puppeteer's own page: `keyboard`, `mouse`, `click`, `waitForSelector`; `evaluate` takes text. */
  readonly page: Page;
  /** Errors and warnings of the console, errors of scripts, and what the page asked for beside itself. */
  readonly complaints: readonly string[];
  /** PNG of what is seen; written to `path` when there is one. */
  screenshot(path?: string): Promise<Uint8Array>;
  /** Returns when the browser has drawn what is there now. */
  frame(): Promise<void>;
  emulate(colorScheme: "light" | "dark"): Promise<void>;
  close(): Promise<void>;
}

/** A real browser without a window. One can serve all tests of a file; each look has storage of its own. */
export interface HeadlessBrowser {
  look(file: string, options?: LookOptions): Promise<Look>;
  /** As look, with a fragment: `#name`. */
  lookAt(file: string, fragment: string, options?: LookOptions): Promise<Look>;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Starts Debian's Chromium; the first time on a machine it is fetched. */
export async function startBrowser(): Promise<HeadlessBrowser> {
  const { path, env } = await debianChromium();
  const browser = await puppeteer.launch({
    executablePath: path,
    env: { ...process.env, ...env },
    headless: "shell",
    // Root cannot have the sandbox, and small machines have a small /dev/shm. The pages are our own.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"],
  });
  const lookAt: HeadlessBrowser["lookAt"] = async (file, fragment, options) => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    return openLook(page, `${pathToFileURL(resolve(file)).href}${fragment}`, options ?? {}, () => context.close());
  };
  return { browser, lookAt, look: (file, options) => lookAt(file, "", options), close: () => browser.close() };
}

async function openLook(page: Page, url: string, options: LookOptions, end: () => Promise<void>): Promise<Look> {
  const complaints: string[] = [];
  collectComplaints(page, url, complaints);
  const emulate = (value: "light" | "dark") => page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
  await page.setViewport(options.viewport ?? { width: 1280, height: 800 });
  await emulate(options.colorScheme ?? "light");
  await page.goto(url);
  const frame = async () => {
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))");
  };
  const screenshot = async (path?: string) => {
    await frame();
    const bytes = await page.screenshot();
    if (path !== undefined) await Bun.write(path, bytes);
    return bytes;
  };
  return { page, complaints, screenshot, frame, emulate, close: end };
}

function collectComplaints(page: Page, url: string, complaints: string[]): void {
  const own = url.replace(/#.*$/, "");
  page.on("console", (message) => {
    const type = message.type();
    if (type === "error" || type === "warn") complaints.push(`console ${type}: ${message.text()}`);
  });
  page.on("pageerror", (error) => {
    complaints.push(`error: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  });
  page.on("request", (request) => {
    const asked = request.url();
    if (asked.replace(/#.*$/, "") !== own && !asked.startsWith("data:")) complaints.push(`request: ${asked}`);
  });
}
