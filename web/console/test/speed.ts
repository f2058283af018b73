// What bench/console measures in a browser whose CPU is slowed four times: when the first page of each face can be used, and
// how long the frames take while the worklist is scrolled.
//
// Usage: speed.ts URL LINK ROUNDS

import type { Browser, Page } from "playwright-core";

import { launch, visit } from "./browser.ts";
import { password } from "./served.ts";

const [url = "", link = "", roundsText = "5"] = process.argv.slice(2);
const slowdown = 4;
const quietMs = 1_500;

const at = (sorted: readonly number[], part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
const ascending = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const ms = (value: number) => `${value.toFixed(0)} ms`;

async function slowed(browser: Browser, name: string): Promise<Page> {
  const { page, context } = await visit(browser, url);
  if (name) await page.request.post(`${url}/v1/sessions`, { data: { name, password } });
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  return page;
}

// From the beginning of a first visit until its content stands and no long task holds up what somebody does.
async function usableAfter(browser: Browser, name: string, path: string): Promise<number> {
  const page = await slowed(browser, name);
  await page.addInitScript(() => {
    const seen = { stands: 0, busyUntil: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) seen.busyUntil = task.startTime + task.duration;
    }).observe({ type: "longtask", buffered: true });
    const look = () => {
      if (seen.stands === 0 && document.querySelector("h1") && !document.querySelector(".waiting")) seen.stands = performance.now();
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(`${url}/console/${path}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector(".waiting") === null);
  await page.waitForTimeout(quietMs);
  const { stands, busyUntil } = await page.evaluate(() => (window as unknown as { seen: { stands: number; busyUntil: number } }).seen);
  await page.context().close();
  return Math.max(stands, busyUntil);
}

// The time from frame to frame while so many pixels go by in each.
async function frames(page: Page, pixels: number, count: number): Promise<number[]> {
  return page.getByRole("listbox", { name: "Worklist" }).evaluate(async (list, { pixels, count }) => {
    const times: number[] = [];
    let before = await new Promise<number>(requestAnimationFrame);
    for (let i = 0; i < count; ++i) {
      list.scrollTop += pixels;
      const now = await new Promise<number>(requestAnimationFrame);
      times.push(now - before);
      before = now;
    }
    return times;
  }, { pixels, count });
}

const browser = await launch();
for (const [name, path] of [["ada", "#/overview"], ["ada", "#/disputes"], ["lena", "#/desk"], ["lena", "#/desk/worklist"], ["", `portal.html#/${link}`]] as const) {
  const times: number[] = [];
  for (let i = 0; i < Number(roundsText); ++i) times.push(await usableAfter(browser, name, path));
  const sorted = ascending(times);
  console.log(`${path.split("/lnk")[0]}: usable after ${ms(at(sorted, 0.5))} (median of ${sorted.length}; ${ms(at(sorted, 0))} to ${ms(at(sorted, 1))})`);
}

const page = await slowed(browser, "lena");
await page.goto(`${url}/console/#/desk/worklist`);
const list = page.getByRole("listbox", { name: "Worklist" });
await list.getByRole("option").first().waitFor();
console.log(await page.getByRole("main").getByRole("status").first().innerText());
for (const pixels of [40, 400, 4_000]) {
  const sorted = ascending(await frames(page, pixels, 300));
  console.log(`scrolling by ${pixels} px a frame: median ${at(sorted, 0.5).toFixed(1)} ms, 95 of 100 under ${at(sorted, 0.95).toFixed(1)} ms, longest ${at(sorted, 1).toFixed(1)} ms`);
}
const drawn = await list.getByRole("option").count();
console.log(`rows that are drawn: ${drawn}`);
const begun = performance.now();
await page.keyboard.press("End");
await list.getByRole("option", { selected: true }).getByText(/\S/).first().waitFor({ timeout: 600_000 });
console.log(`from there to the last row, everything between it fetched: ${ms(performance.now() - begun)}`);
const sorted = ascending(await frames(page, -4_000, 300));
console.log(`scrolling back, all rows here: median ${at(sorted, 0.5).toFixed(1)} ms, 95 of 100 under ${at(sorted, 0.95).toFixed(1)} ms, longest ${at(sorted, 1).toFixed(1)} ms`);
await browser.close();
