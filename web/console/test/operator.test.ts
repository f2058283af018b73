// A mediator decides a dispute by keyboard alone, an operator's large refund waits for a second person, a session that ends
// and a line that is lost leave the page standing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, signIn, visit } from "./browser.ts";
import { addUser, Life, programOf, Server } from "./served.ts";

const server = new Server();
let browser: Browser;
let life: Life;
let dispute = "";

before(async () => {
  await server.begin(programOf(), { HOLDFAST_SERVE_ALONE_MOST: "100.00 EUR" });
  const client = server.client();
  for (const [name, role] of [["olga", "operator"], ["otto", "operator"], ["mia", "mediator"]] as const) await addUser(client, name, role);
  const past = await new Life(client, "A-0999").place();
  await past.deliver("2026-03-10T10:00:00.000Z");
  await past.at("2026-03-12T08:30:00.000Z");
  const withdrawn = await past.dispute("damaged", { wanted: "partial_refund_keep", amount: { amount: 1500, currency: "EUR" }, has_evidence: true });
  await client.post("/v1/disputes/{dispute_id}/withdraw", { path: { dispute_id: withdrawn }, body: { as: "buyer" } });
  life = await new Life(client, "A-1001").place();
  await life.deliver("2026-03-10T10:00:00.000Z");
  await life.at("2026-03-12T08:30:00.000Z");
  dispute = await life.dispute("damaged", { wanted: "partial_refund_keep", amount: { amount: 2000, currency: "EUR" }, has_evidence: true });
  await life.at("2026-03-15T09:00:00.000Z");
  await client.post("/v1/disputes/{dispute_id}/escalate", { path: { dispute_id: dispute }, body: { as: "buyer" } });
  await new Life(client, "A-1002").place();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server.end();
});

test("a mediator finds a dispute in the queue and decides it, by keyboard alone", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await page.goto(`${server.url}/`);
  await page.getByLabel("Name").press("Shift");
  await page.keyboard.type("mia");
  await page.keyboard.press("Tab");
  await page.keyboard.type("correct horse battery");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.getByText("€359.10").first().waitFor(); // of all three orders
  await page.getByRole("link", { name: "To the queue" }).press("Enter");
  await page.getByRole("link", { name: "A-1001" }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "A-1001: Damaged" }).waitFor();
  await page.getByText("If we do not decide within 14 days", { exact: false }).first().waitFor();

  await page.getByRole("button", { name: "Decide" }).first().press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Remedy").selectOption("partial_refund_keep");
  await dialog.getByLabel("Amount in EUR").fill("15.00");
  await dialog.getByLabel("Who is right").selectOption("buyer");
  await dialog.getByLabel("The item is damaged").check();
  await dialog.getByRole("button", { name: "See what it does" }).press("Enter");
  await dialog.getByRole("heading", { name: "What this does" }).waitFor();
  await dialog.getByText("The marketplace decided the dispute for the buyer: partial refund keep, 15.00 EUR.").waitFor();
  const before = await server.client().get("/v1/disputes/{dispute_id}", { path: { dispute_id: dispute } });
  assert.equal(before.phase, "escalated"); // shown, not done
  await dialog.getByRole("button", { name: "Decide" }).press("Enter");
  await dialog.waitFor({ state: "detached" });
  const decided = await server.client().get("/v1/disputes/{dispute_id}", { path: { dispute_id: dispute } });
  assert.deepEqual(decided.verdict, { settlement: { remedy: "partial_refund_keep", amount: { amount: 1500, currency: "EUR" } }, winner: "buyer", codes: ["item_damaged"] });
  await page.getByText("Decided:").waitFor();
  await page.getByRole("tab", { name: "Decision" }).click();
  await page.getByText("The item is damaged.").waitFor();
  await page.getByText("The buyer may appeal until 2026-03-22", { exact: false }).waitFor();
  await page.getByText("A person of the marketplace decides this.").waitFor();
  await page.getByRole("tab", { name: "Similar" }).click();
  await page.getByRole("heading", { name: "1 dispute like this one is over" }).waitFor();
  await page.getByRole("cell", { name: "Withdrawn: nothing" }).waitFor();
  await page.getByRole("link", { name: "A-0999" }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("a large refund waits for a second person, who carries it out", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "olga");
  await page.goto(`${server.url}/console/#/orders`);
  await page.getByRole("link", { name: "A-1002" }).click();
  await page.getByRole("region", { name: "May do now: Marketplace" }).getByRole("button", { name: "Do it: Refund" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByRole("button", { name: "Refund" }).click();
  await dialog.getByText("This needs a second person").waitFor();
  await context.close();

  const second = await visit(browser, server.url);
  await signIn(second.page, server.url, "otto");
  await second.page.goto(`${server.url}/console/#/approvals`);
  await second.page.getByRole("button", { name: "Decide" }).click();
  await second.page.getByRole("dialog").getByRole("button", { name: "Agree" }).click();
  await second.page.getByText("Agreed").waitFor();
  const { data } = await server.client().get("/v1/orders", { query: { reference: "A-1002" } });
  assert.equal((data[0] as { money: { refunded: number } }).money.refunded, 11970);
  assert.deepEqual([...faults, ...second.faults], []);
  await second.context.close();
});

test("an operator says that a refund failed, and tries it again", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "olga");
  await page.getByRole("link", { name: "Money out" }).first().click();
  await page.getByRole("button", { name: "Say what became of it: A-1002" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What became of it").selectOption("failed");
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByText("What has arrived stays so", { exact: false }).waitFor();
  await dialog.getByRole("button", { name: "Say what became of it" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByLabel("Show").selectOption("failed");
  await page.getByRole("button", { name: "Try the payment again: A-1002" }).click();
  await dialog.getByRole("button", { name: "Try the payment again" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("None of these.").waitFor();
  await page.getByLabel("Show").selectOption("");
  await page.getByRole("button", { name: "Say what became of it: A-1002" }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("an operator records a deposit, and holds a party's payouts until the hold is lifted", async () => {
  const { id } = await server.client().post("/v1/parties", { body: { reference: "shop-17" } });
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "olga");
  await page.goto(`${server.url}/console/#/parties/${id}`);
  await page.getByRole("button", { name: "A deposit came in" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Amount in EUR").fill("five hundred");
  await dialog.getByLabel("The processor's name of the payment").fill("py_1");
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByText("Not an amount of this currency").waitFor(); // and nothing is asked
  await dialog.getByLabel("Amount in EUR").fill("500");
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByText("+€500.00").first().waitFor();
  await dialog.getByRole("button", { name: "A deposit came in" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Give a deposit back, EUR" }).waitFor();
  await page.getByRole("button", { name: "Hold payouts" }).click();
  await dialog.getByLabel("Why").selectOption("legal_order");
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByRole("button", { name: "Hold payouts" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Lift a hold: Legal order" }).click();
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByRole("button", { name: "Lift a hold" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Payouts are not held.").waitFor();
  const party = await server.client().get("/v1/parties/{party_id}", { path: { party_id: id } });
  assert.deepEqual(party.holds, []);
  assert.deepEqual(faults, []);
  await context.close();
});

test("what is confirmed is what was shown: if somebody was faster, nothing is done and it is said", async () => {
  const other = await new Life(server.client(), "A-1003").place();
  const { page, context } = await visit(browser, server.url);
  await signIn(page, server.url, "olga");
  await page.goto(`${server.url}/console/#/orders/${other.id}`);
  await page.getByRole("region", { name: "May do now: Marketplace" }).getByRole("button", { name: "Do it: Compensate" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Amount in EUR").fill("1");
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByRole("button", { name: "Compensate" }).waitFor();
  await other.deliver("2026-03-01T09:00:00.000Z");
  await dialog.getByRole("button", { name: "Compensate" }).click();
  await dialog.getByText("Somebody was faster", { exact: false }).waitFor();
  assert.equal((await server.client().get("/v1/orders/{order_id}", { path: other.path })).money?.compensated, 0);
  await context.close();
});

test("the time machine plays on what becomes of an order", async () => {
  const other = await new Life(server.client(), "A-1004").place();
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "mia");
  await page.goto(`${server.url}/console/#/orders/${other.id}?tab=machine`);
  const branch = page.getByRole("region", { name: "What if" });
  await branch.getByLabel("Who stays silent").selectOption("seller");
  await branch.getByText("Dispute opened").waitFor();
  await branch.getByText("Refunded €119.70").first().waitFor();
  await branch.getByLabel("The goods come on").fill("2026-03-20");
  await branch.getByText("Carrier").first().waitFor();
  await branch.getByText("Completed").first().waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("a session that ends asks to sign in again, and the page goes on", async () => {
  const { page, context } = await visit(browser, server.url);
  await signIn(page, server.url, "olga");
  await page.goto(`${server.url}/console/#/disputes?q=A-10`);
  await page.getByRole("searchbox").waitFor();
  await context.clearCookies();
  await page.getByRole("link", { name: "Orders" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Password of olga").fill("correct horse battery");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "A-1001" }).waitFor();
  await context.close();
});

test("what happens elsewhere shows without being asked for, and a lost line says so", async () => {
  const { page, context } = await visit(browser, server.url);
  await signIn(page, server.url, "olga");
  await page.goto(`${server.url}/console/#/orders`);
  await page.getByRole("link", { name: "A-1001" }).waitFor();
  await new Life(server.client(), "A-2001").place();
  await page.getByRole("link", { name: "A-2001" }).waitFor();
  await context.setOffline(true);
  await page.getByText("The connection is lost.", { exact: false }).waitFor();
  await page.getByRole("link", { name: "A-2001" }).waitFor();
  await context.setOffline(false);
  await page.getByText("The connection is lost.", { exact: false }).waitFor({ state: "detached" });
  await context.close();
});

test("terms are read in sentences, as a picture of an order's life, and clause by clause", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "olga");
  await page.goto(`${server.url}/console/#/terms/marketplace`);
  const sentences = page.locator("section", { has: page.getByRole("heading", { name: "What happens by itself" }) });
  await sentences.getByText("A seller who does not answer within 5 days has agreed").waitFor();
  await page.getByRole("tab", { name: "An order's life" }).click();
  const row = page.getByRole("table", { name: "The order" }).getByRole("row", { name: "MP-23" });
  await row.getByText("delivered(all) + 14d").waitFor();
  // Its bar begins after the delivery: four steps of two halves lie before, and a half of the step itself.
  assert.equal(await row.locator("td").first().getAttribute("colspan"), "9");
  await row.getByRole("link", { name: "MP-23" }).click();
  await page.getByRole("heading", { name: "MP-23" }).waitFor();
  assert.equal(await page.getByRole("article").count(), 1);
  assert.deepEqual(faults, []);
  await context.close();
});
