// A made year, served as `./run serve` does: each role signs in and finds something to do. The pages are kept as pictures
// in the folder HOLDFAST_SHOTS, from which docs/img was taken.

import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";

import { Holdfast, type Schemas } from "../../client/src/index.ts";
import { launch, phone, shots, visit, wide } from "./browser.ts";
import { programOf } from "./served.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-demo-"));
const database = join(folder, "year.db");
const pictures = shots ?? join(folder, "shots");
let server: ChildProcess;
let browser: Browser;
let url = "";

before(async () => {
  mkdirSync(pictures, { recursive: true });
  execFileSync(programOf(), ["demo", "--year", "--orders", "2000", "--database", database], { cwd: folder, stdio: "ignore" });
  server = spawn(programOf(), ["serve", "--demo", "--database", database, "--port", "0"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  assert.ok(server.stderr);
  for await (const line of createInterface({ input: server.stderr })) {
    url = /^Serving .* on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1] ?? "";
    if (url) break;
  }
  server.stderr.resume();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server.kill("SIGTERM");
  await new Promise((resolve) => server.on("exit", resolve));
  rmSync(folder, { recursive: true });
});

async function enter(page: Page, name: string) {
  await page.goto(`${url}/console/`);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(readFileSync(`${database}.password`, "utf8").trim());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor({ state: "attached" });
}

async function shown(page: Page, path: string, picture?: string) {
  await page.goto(`${url}/console/#/${path}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector(".waiting") === null);
  if (picture) await page.screenshot({ path: join(pictures, `${picture}.png`) });
  return page.getByRole("main").innerText();
}

// What each role begins with, and a word of what is then there.
const faces: [string, string, RegExp, string?][] = [
  ["admin", "overview", /Money held\s+[£$€][\d,]+/, "overview"],
  ["operator", "disputes", /[1-9]\d* disputes/, "disputes"],
  ["mediator", "disputes", /Under review/],
  ["lead", "desk", /Lapses today \(UTC\)\s+\$[\d,]+/, "morning"],
  ["lead", "desk/worklist", /[1-9]\d* rows/, "worklist"],
  ["assistant", "desk/worklist", /[1-9]\d* rows/],
  ["seller", "mine", /M-\d+/],
  ["buyer", "mine", /M-\d+/],
];

for (const [name, path, found, picture] of faces) {
  test(`${name} begins at ${path}`, async () => {
    const { page, faults, context } = await visit(browser, url, wide);
    await enter(page, name);
    assert.match(await shown(page, path, picture), found);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("chances are told with their interval and sample, and suppliers in whole sentences", async () => {
  const { page, faults, context } = await visit(browser, url, wide);
  await enter(page, "lead");
  const client = new Holdfast({ url, key: readFileSync(`${database}.key`, "utf8").trim() });
  const { data } = await client.get("/v1/desk/worklist", { query: { limit: 100, word: "claim_now,closing_soon" } });
  const row = (data as Schemas["WorkRow"][]).find((one): one is Schemas["PurchaseRow"] => one.object === "purchase" && !!one.arrival && !!one.sales?.length);
  assert.ok(row);
  await shown(page, `desk/worklist?q=${row.reference}`);
  assert.match(await page.locator(".facts", { hasText: "Still arrives" }).innerText(), /Still arrives\s+[\d.]+% \([\d.]+% to [\d.]+%\), by \d+ parcels? of this lane that had come as far, \d+ of all lanes/);
  const complaint = await shown(page, `desk/complaint?reference=${encodeURIComponent(row.sales?.[0] ?? "")}&complaint=not_received`);
  const granted = /Our claim is granted\s+([\d.]+%) \([\d.]+% to [\d.]+%\), by \d+ decided claims? on this supplier for this reason; \d+ on its platform for it, \d+ in all/.exec(complaint);
  assert.ok(granted, complaint);
  assert.equal(await page.getByLabel("That our claim is granted").getAttribute("placeholder"), granted[1]);
  assert.doesNotMatch(complaint, /closing_soon|claim_now/);

  const suppliers = await shown(page, "desk/suppliers");
  assert.match(suppliers, /declined\. Money after/);
  assert.match(suppliers, /Missing: the promise is over/);
  await shown(page, "desk/suppliers?tab=gap");
  const lines = await page.getByRole("rowheader").getByRole("link").evaluateAll((links) => links.map((link) => link.getClientRects().length));
  assert.ok(lines.length > 0 && lines.every((one) => one === 1), "no sale's number is broken");
  await page.setViewportSize(phone);
  await shown(page, "desk/suppliers?tab=arrivals");
  const table = page.locator(".scroll", { has: page.getByRole("columnheader", { name: "Chance given" }) });
  assert.ok(await table.evaluate((one) => one.scrollWidth <= one.clientWidth));
  assert.deepEqual(faults, []);
  await context.close();
});

test("a first look ticks its steps, and is put away for good", async () => {
  const { page, faults, context } = await visit(browser, url, wide);
  await enter(page, "mediator");
  const strip = page.getByRole("complementary", { name: "First look" });
  await strip.getByText("First look: 1 of 5").waitFor(); // the overview is open
  await strip.getByRole("link", { name: "Open a dispute from the queue" }).click();
  await page.locator("a.open").first().click();
  await strip.getByText("First look: 2 of 5").waitFor();
  await page.getByRole("tab", { name: "Similar" }).click();
  await strip.getByText("First look: 3 of 5").waitFor();
  await page.getByText("disputes that are over were looked at", { exact: false }).waitFor();
  await page.screenshot({ path: join(pictures, "similar.png") });
  await strip.getByRole("button", { name: "All steps" }).click();
  assert.equal(await strip.getByRole("listitem").count(), 5);
  await strip.getByRole("button", { name: "Put away" }).click();
  await page.reload();
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await strip.count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a buyer sees the dispute on a phone", async () => {
  const { page, faults, context } = await visit(browser, url, wide);
  await enter(page, "buyer");
  await page.setViewportSize(phone);
  await shown(page, "mine");
  await page.getByRole("link", { name: /M-\d+/ }).first().click();
  await page.getByText("What you can do").first().waitFor();
  await page.screenshot({ path: join(pictures, "buyer.png") });
  assert.deepEqual(faults, []);
  await context.close();
});
