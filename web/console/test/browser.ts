// A browser as people have one, and what must hold of every page that it shows.

import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import assert from "node:assert/strict";

import { password } from "./served.ts";

export const wide = { width: 1280, height: 900 };
export const phone = { width: 360, height: 740 };

// Where pictures of the pages go, if anybody wants them.
export const shots = process.env["HOLDFAST_SHOTS"];

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

export interface Visit {
  context: BrowserContext;
  page: Page;
  faults: string[]; // what the page complained of, and whoever else it asked
}

export async function visit(browser: Browser, url: string, viewport = wide): Promise<Visit> {
  const context = await browser.newContext({ viewport, permissions: ["clipboard-read", "clipboard-write"], reducedMotion: "reduce" });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    // A refusal that the page shows is in the log as well.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("blob:")) faults.push(`asked ${request.url()}`);
  });
  return { context, page, faults };
}

export async function signIn(page: Page, url: string, name: string) {
  await page.goto(`${url}/console/`);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor({ state: "attached" });
}

// Nothing serious by axe, in both themes; no sideways scrolling on a phone; every control can be reached by keyboard.
export async function hold(page: Page, what: string) {
  const before = page.viewportSize() ?? wide;
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const size of [wide, phone]) {
      await page.setViewportSize(size);
      await page.waitForTimeout(60);
      if (shots) await page.screenshot({ path: `${shots}/${what}-${size.width}-${scheme}.png`, fullPage: true });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${what}: ${over} px too wide at ${size.width}`);
      if (scheme === "dark" && size === phone) continue; // the colours are those of the wide page, the layout that of the light one
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
      const grave = violations.filter((one) => one.impact === "serious" || one.impact === "critical");
      assert.deepEqual(grave.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`), [], `${what}, ${scheme}, ${size.width}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(before);
}

// Everything that can be used is on the way of Tab, and what has the focus can be seen.
export async function reachable(page: Page, what: string) {
  const usable = await page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary, [role=listbox]")];
    const seen = all.filter((one) => one.checkVisibility({ visibilityProperty: true }) && !(one as HTMLButtonElement).disabled && one.tabIndex >= 0);
    seen.forEach((one, i) => (one.dataset["reach"] = String(i)));
    (document.activeElement as HTMLElement | null)?.blur();
    getSelection()?.removeAllRanges();
    return seen.length;
  });
  const reached = new Set<string>();
  for (let i = 0; i < usable + 12; ++i) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset["reach"]);
    if (at !== undefined) reached.add(at);
  }
  // Of radio buttons and tabs one is on the way; arrows lead to the others.
  const missed = await page.evaluate((all) => [...document.querySelectorAll<HTMLElement>("[data-reach]")]
    .filter((one) => !all.includes(one.dataset["reach"] ?? "") && !one.matches("[type=radio], [role=tab]"))
    .map((one) => one.outerHTML.slice(0, 120)), [...reached]);
  assert.deepEqual(missed, [], `${what}: not reached by Tab`);
}

// What a first visit to a page fetches of the console, as it comes over the line.
export async function weigh(browser: Browser, url: string, name: string, place: string): Promise<number> {
  const { page, context } = await visit(browser, url);
  if (name) {
    await page.request.post(`${url}/v1/sessions`, { data: { name, password } });
  }
  let bytes = 0;
  const asked: Promise<void>[] = [];
  page.on("requestfinished", (request) => {
    if (!request.url().startsWith(`${url}/console/`)) return;
    asked.push(request.sizes().then((sizes) => void (bytes += sizes.responseBodySize + sizes.responseHeadersSize)));
  });
  await page.goto(`${url}/console/${place}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForTimeout(500);
  await Promise.all(asked);
  await context.close();
  return bytes;
}
