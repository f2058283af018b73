// A lead's morning: files in by hand, the worklist by keyboard, a claim remembered, a customer answered.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, signIn, visit } from "./browser.ts";
import { addUser, programOf, samples, Server, sourceFile } from "./served.ts";

const server = new Server();
let browser: Browser;

before(async () => {
  await server.begin(programOf());
  await addUser(server.client(), "lena", "lead");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server.end();
});

test("a lead imports files, works the list by keyboard and answers a customer", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "lena");
  await page.getByText("Nothing to look at yet").waitFor();
  await page.getByRole("main").getByRole("link", { name: "Import" }).click();
  await page.getByLabel("Currency").fill("USD");
  await page.locator("input[type=file]").setInputFiles(samples());
  await page.getByText(`${samples().length} of ${samples().length}`).waitFor({ timeout: 120_000 });
  await page.getByText("Taken in").first().waitFor();

  await page.getByRole("link", { name: "Worklist" }).click();
  const rows = page.getByRole("listbox", { name: "Worklist" }).getByRole("option");
  await rows.first().waitFor();
  const { counts } = await server.client().get("/v1/desk/worklist", { query: { limit: 1 } });
  const all = Object.entries(counts).filter(([word]) => word !== "none").reduce((sum, [, count]) => sum + count, 0);
  await page.getByText(`${all} rows.`, { exact: false }).waitFor();
  await page.keyboard.press("j");
  assert.equal(await rows.nth(1).getAttribute("aria-selected"), "true");
  await page.keyboard.press("k");
  const first = (await page.getByRole("main").getByRole("heading", { level: 2 }).first().textContent()) ?? "";
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Case number at the platform").fill("C-55021");
  await page.keyboard.press("Enter");
  await page.getByText("The claim is remembered.", { exact: false }).waitFor();
  const { data } = await server.client().get("/v1/desk/worklist", { query: { limit: 100 } });
  const filed = (data as { title?: string; case_number?: string }[]).find((row) => row.case_number === "C-55021");
  assert.equal(filed?.title, first);
  await page.keyboard.press("o");
  await page.getByLabel("A note for whoever works on it next").fill("Ask at the old address.");
  await page.getByRole("button", { name: "Keep the note" }).click();
  await page.getByRole("region", { name: "What people did" }).getByText("Ask at the old address.").waitFor();
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Worklist" }).click();
  await rows.first().waitFor();
  await page.keyboard.press("s");
  await page.getByText(`${all - 1} rows.`, { exact: false }).waitFor();

  await page.getByRole("link", { name: "Where is it?" }).click();
  await page.getByRole("searchbox").fill("#1052");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Copy the reply" }).click();
  await page.getByText("Copied.").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await page.getByLabel("Reply to the customer").inputValue());

  await page.getByRole("link", { name: "This morning" }).click();
  await page.getByText("claims filed in the last 14 days", { exact: false }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("a file that is no such thing is refused with its reason", async () => {
  const { page, context } = await visit(browser, server.url);
  await signIn(page, server.url, "lena");
  await page.goto(`${server.url}/console/#/desk/import`);
  await page.locator("input[type=file]").setInputFiles(sourceFile("tests/data/evidence/photo.jpg"));
  await page.getByText("Refused", { exact: true }).waitFor();
  await page.getByRole("alert").waitFor();
  await context.close();
});
