// A lead's morning: files in by hand, the worklist by keyboard to its end, a customer answered, a complaint resolved, guesses
// judged, a table of an unknown kind read, suppliers compared.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Locator } from "playwright-core";

import { launch, phone, signIn, visit } from "./browser.ts";
import { addUser, importOverdue, programOf, samples, Server, sourceFile } from "./served.ts";

const server = new Server();
let browser: Browser;
let lena = "";

// How many rows the worklist has, of all or of nobody: which ones of the files are rows depends on the day.
async function countRows(assignee?: "none"): Promise<number> {
  const { counts } = await server.client().get("/v1/desk/worklist", { query: { limit: 1, ...(assignee && { assignee }) } });
  return Object.entries(counts).filter(([word]) => word !== "none").reduce((sum, [, count]) => sum + count, 0);
}

// All of a text box's text is seen without scrolling.
const isWhole = (box: Locator) => box.evaluate((one) => one.scrollHeight <= one.clientHeight);

before(async () => {
  await server.begin(programOf());
  lena = await addUser(server.client(), "lena", "lead");
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
  const all = await countRows();
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
  await page.getByText(`${all - 1} rows. It sleeps until `, { exact: false }).waitFor();

  await page.getByRole("link", { name: "Where is it?" }).click();
  await page.getByRole("searchbox").fill("#1052");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Copy the reply" }).click();
  await page.getByText("Copied.").waitFor();
  assert.ok(await isWhole(page.getByLabel("Reply to the customer")));
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await page.getByLabel("Reply to the customer").inputValue());

  await page.getByRole("link", { name: "This morning" }).click();
  await page.getByText("claims filed in the last 14 days", { exact: false }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("a complaint is resolved by a claim and by sending again", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await importOverdue(server);
  await signIn(page, server.url, "lena");
  await page.goto(`${server.url}/console/#/desk/complaint`);
  await page.getByText("Which sale is it about?").waitFor();
  await page.getByRole("main").getByRole("link", { name: "Where is it?" }).last().click();
  await page.getByRole("searchbox").fill("S-1");
  await page.keyboard.press("Enter");
  await page.getByText(/^aliexpress 88101: Claim now until /).waitFor(); // in words, not as the wire has it
  await page.getByRole("link", { name: "A complaint" }).click();
  await page.getByRole("heading", { name: "Complaint about S-1" }).waitFor();
  await page.getByLabel("Not received").check();
  await page.getByLabel("In their words").fill("Nothing came, and my daughter is sad.");
  await page.getByRole("region", { name: "Our claim on the supplier" }).getByText("Can be claimed").waitFor();
  const ways = page.getByRole("region", { name: "Ways out" });
  await ways.getByText("Not known").first().waitFor(); // nothing is invented
  await ways.getByLabel("That it still arrives").fill("10");
  await ways.getByLabel("That our claim is granted").fill("90");
  await page.keyboard.press("Tab");
  await ways.getByText("Leaves most").waitFor();
  const way = ways.getByRole("listitem").filter({ has: page.getByRole("button", { name: "Choose this claim from the supplier, then send again" }) });
  await way.getByText("Every term of the sum").click();
  const outcomes = await way.getByText("chance", { exact: false }).allInnerTexts();
  const chances = outcomes.flatMap((text) => [.../chance ([\d.]+)%/g.exec(text)?.slice(1) ?? []].map(Number));
  assert.equal(chances.reduce((sum, one) => sum + one, 0), 100);
  await page.getByText(/Ways that cannot be chosen/).click();
  await page.getByText("a gift is less than what is due", { exact: false }).first().waitFor();
  await way.getByRole("button", { name: /Choose this/ }).click();

  const next = page.getByRole("region", { name: "What to do now" });
  assert.ok(await isWhole(next.getByLabel("Reply to the customer")));
  await next.getByLabel("What is to be sent again").fill("Send the lamp again, by the faster method.");
  await next.getByRole("button", { name: "Keep the note" }).click();
  await next.getByText("The note is kept.").waitFor();
  await next.getByRole("link", { name: /Prepare the claim: aliexpress/ }).click();

  await page.getByRole("heading", { name: "Claim to paste" }).waitFor();
  assert.ok(await page.getByRole("group", { name: "What the facts bear" }).getByLabel("Late", { exact: false }).isDisabled());
  assert.ok(await isWhole(page.getByLabel("Text", { exact: true })));
  const reference = "88101";
  await page.getByRole("button", { name: "Copy", exact: true }).first().click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), reference);
  await page.getByRole("button", { name: "Copy the text" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.getByLabel("Text", { exact: true }).inputValue());
  for (const step of await page.getByRole("region", { name: "Steps" }).getByRole("checkbox").all()) await step.check();
  await page.getByLabel("Case number at the platform").fill("C-55022");
  await page.getByRole("button", { name: "The claim is filed" }).click();
  await page.getByRole("link", { name: "On to the next row" }).click();
  await page.getByRole("heading", { name: "Worklist" }).waitFor();
  await page.goto(`${server.url}/console/#/desk/complaint?reference=S-1&complaint=not_received`);
  await page.getByRole("region", { name: "Our claim on the supplier" }).getByText("Filed, not decided").waitFor();

  const row = (await server.client().get("/v1/desk/search", { query: { q: "S-1" } })).sales[0]?.purchases[0];
  assert.equal(row?.case_number, "C-55022");
  assert.equal(row?.remedy, "claim_then_resend");
  const { done } = await server.client().get("/v1/desk/purchases/{purchase_id}", { path: { purchase_id: row?.id ?? "" } });
  assert.deepEqual(done.map((one) => one.what), ["remedy_chosen", "noted", "noted", "claim_filed"]);
  assert.match(done[1]?.text ?? "", /my daughter is sad/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a guess is said yes to by one key, and a link made by hand", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "lena");
  const open = (await server.client().get("/v1/desk/links", { query: { state: "open" } })).data as { id: string }[];
  assert.ok(open.length > 1);
  await page.goto(`${server.url}/console/#/desk/links`);
  await page.getByText(`${open.length} links.`).waitFor();
  await page.keyboard.press("y");
  await page.getByText("Linked: shopify", { exact: false }).waitFor();
  await page.getByText(new RegExp(`^${open.length - 1} links?\\.`)).waitFor(); // it waits no more
  await page.keyboard.press("n");
  await page.getByText("Not linked: shopify", { exact: false }).waitFor();
  assert.equal(await page.getByRole("button", { name: /^Yes, it is/ }).count(), open.length - 2);
  await page.getByRole("button", { name: "Link by hand" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Store").fill("shop");
  await dialog.getByLabel("Number of the sale").fill("S-2");
  await dialog.getByLabel("Supplier's system").fill("aliexpress");
  await dialog.getByLabel("Number of the purchase").fill("3099000000000109");
  await dialog.getByRole("button", { name: "Link them" }).click();
  await page.getByText("Linked: shop S-2 and aliexpress 3099000000000109.").waitFor();
  const answered = (await server.client().get("/v1/desk/links", { query: { limit: 100 } })).data as { id: string; state: string }[];
  assert.deepEqual(open.slice(0, 2).map((one) => answered.find((other) => other.id === one.id)?.state), ["confirmed", "rejected"]);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a table of an unknown kind is taken in once its columns are said", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "lena");
  await page.goto(`${server.url}/console/#/desk/import`);
  const table = "Bestellnummer;Bestellt;Betrag;Laden;Notiz\n88001;2026-10-01;12.50;Mug House;blue\n88002;2026-10-02;7.25;Mug House;\n88003;when;9.00;Mug House;red\n";
  await page.getByLabel("Currency").fill("USD");
  await page.locator("input[type=file]").setInputFiles({ name: "Supplier list.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  await page.getByRole("button", { name: "Say what its columns mean" }).click();
  await page.getByLabel("System of the orders").fill("aliexpress");
  for (const [column, field] of [["Bestellnummer", "reference"], ["Bestellt", "created"], ["Betrag", "total"], ["Laden", "store_name"], ["Notiz", ""]])
    await page.getByLabel(`Means: ${column}`).selectOption(field ?? "");
  await page.getByRole("button", { name: "Keep it and look again" }).click();
  await page.getByText("2 read, 1 rejected").waitFor();
  await page.getByRole("button", { name: "Keep it and take in 3 rows" }).click();
  await page.getByText("2 new, 0 changed, 0 the same, 1 rejected.").waitFor();
  await page.getByText("1 row with a remark").click();
  await page.getByText("line 4: Bestellt", { exact: false }).waitFor();
  const kept = await server.client().get("/v1/mappings/{name}", { path: { name: "supplier_list" } });
  assert.equal(kept.columns.reference, "Bestellnummer");
  assert.deepEqual(faults, []);
  await context.close();
});

test("suppliers are compared, and what is shown can be taken along", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "lena");
  await page.getByRole("link", { name: "Suppliers" }).click();
  await page.getByRole("rowheader", { name: /Demo Lantern Store/ }).waitFor();
  await page.getByRole("button", { name: /As a file/ }).click();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "scorecards.csv" }).click()]);
  assert.equal(file.suggestedFilename(), "scorecards.csv");
  for (const [tab, found] of [["Arrivals", "Lane"], ["What they owe", "Owed, the longest first"], ["Two promises", "Uncovered"], ["Filing budget", "How many claims does an account bear?"], ["Choices in hindsight", "1 choice."]] as const) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("tabpanel").getByText(found, { exact: false }).first().waitFor();
    if (tab !== "Filing budget") continue;
    assert.equal(await page.getByText("left out").count(), 0); // by a cap that nobody set
    await page.getByLabel("Claims of an account's orders at most").fill("2");
    await page.keyboard.press("Tab");
    await page.getByText("What the cap costs:", { exact: false }).first().waitFor();
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("the list is worked to empty, many rows at once", async () => {
  const { data } = await server.client().get("/v1/desk/worklist", { query: { assignee: "none", limit: 1 } });
  const [taken] = data as { id: string }[];
  await server.client().post("/v1/desk/purchases/{purchase_id}/assign", { path: { purchase_id: taken?.id ?? "" }, body: { to: lena } });
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "lena");
  await page.getByRole("link", { name: "Worklist", exact: true }).click();
  const rows = page.getByRole("listbox", { name: "Worklist" }).getByRole("option");
  await rows.first().waitFor();
  const [all, nobodys] = [await countRows(), await countRows("none")];
  assert.ok(nobodys > 1 && nobodys < all);
  await page.getByLabel("Everyone's").selectOption("none");
  await page.getByText(`${nobodys} rows.`, { exact: false }).waitFor();
  for (let i = 0; i < nobodys; ++i) await page.keyboard.press("x");
  await page.getByText(`${nobodys} rows are marked`).waitFor();
  await page.keyboard.press("a");
  await page.getByText(`${nobodys} rows are done.`, { exact: false }).waitFor();
  await page.getByText("No row is like that").waitFor();
  await page.getByLabel("Everyone's").selectOption("me");
  await page.getByText(`${all} rows.`, { exact: false }).waitFor();
  for (let i = 0; i < all; ++i) await page.keyboard.press("x");
  await page.getByRole("group", { name: "Marked rows" }).getByRole("button", { name: "A week later" }).click();
  await page.getByText(/rows? sleeps? until /).waitFor();
  await page.getByText("Nothing to do").waitFor();
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

test("a refusal says where, and offers only what would mend it", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await page.goto(`${server.url}/console/#/setup`);
  for (const [label, text] of [["Token", "x"], ["Name", "anna"], ["Password", "short"]] as const) await page.getByLabel(label).fill(text);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("alert").getByText("password: is too short (12 to 1,024)").waitFor();
  await signIn(page, server.url, "lena");
  await page.goto(`${server.url}/console/#/desk/import`);
  const put = (name: string, text: string) => page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  const card = (name: string) => page.getByRole("region", { name });
  await put("empty.csv", "");
  await card("empty.csv").getByText("the file is empty").waitFor();
  await page.getByLabel("Currency").fill("ZZZ");
  await put("sums.csv", "a,b\n1,2\n");
  await card("sums.csv").getByText("currency: is not valid").waitFor();
  assert.equal(await page.getByRole("button", { name: "Say what its columns mean" }).count(), 0);
  await page.getByLabel("Currency").fill("");
  await put("nameless.csv", ",\n1,2\n");
  await card("nameless.csv").getByRole("button", { name: "Say what its columns mean" }).click();
  await card("nameless.csv").getByText("no column is called like", { exact: false }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("a file that comes again keeps its figures", async () => {
  const { page, context } = await visit(browser, server.url);
  await signIn(page, server.url, "lena");
  await page.goto(`${server.url}/console/#/desk/import`);
  const file = samples().find((one) => one.endsWith(".csv")) ?? "";
  await page.getByLabel("Currency").fill("USD");
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByText("This file was here before.", { exact: false }).waitFor();
  const seen = (await server.client().get("/v1/imports", { query: { limit: 1 } })).data[0] as { file: string; same: number };
  assert.ok(seen.same > 0);
  const same = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: seen.file }) }).getByRole("cell").nth(3);
  await same.filter({ hasText: String(seen.same) }).waitFor();
  await context.close();
});

test("on a phone the menu opens where the reader is", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "lena");
  await page.setViewportSize(phone);
  await page.goto(`${server.url}/console/#/desk/where?q=%231052`);
  await page.getByRole("button", { name: "Copy the reply" }).waitFor();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const menu = page.getByRole("button", { name: "Menu" });
  const before = await page.evaluate(() => scrollY);
  assert.ok(before > 100);
  await menu.click();
  for (const name of ["This morning", "Suppliers"]) {
    const box = await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).boundingBox();
    assert.ok(box && box.y > 0 && box.y + box.height < phone.height, `${name} is seen`);
  }
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("navigation", { name: "Pages" }).count(), 0);
  assert.equal(await page.evaluate(() => scrollY), before);
  await menu.click();
  await page.getByRole("link", { name: "Suppliers" }).click();
  await page.getByRole("heading", { name: "Suppliers" }).waitFor();
  assert.equal(await page.getByRole("navigation", { name: "Pages" }).count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});
