// A mediator decides a dispute by keyboard alone, an operator's large refund waits for a second person, a session that ends
// and a line that is lost leave the page standing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, signIn, visit } from "./browser.ts";
import { addUser, eur, Life, programOf, Server, sourceFile } from "./served.ts";

const server = new Server();
let browser: Browser;
let life: Life;
let dispute = "";

// An order with a dispute about €20 that waits for a mediator.
async function escalated(reference: string): Promise<{ other: Life; about: string }> {
  const other = await new Life(server.client(), reference).place();
  await other.deliver("2026-03-10T10:00:00.000Z");
  await other.at("2026-03-12T08:30:00.000Z");
  const about = await other.dispute("damaged", { wanted: "partial_refund_keep", amount: eur(2000), has_evidence: true });
  await other.at("2026-03-15T09:00:00.000Z");
  await server.client().post("/v1/disputes/{dispute_id}/escalate", { path: { dispute_id: about }, body: { as: "buyer" } });
  return { other, about };
}

before(async () => {
  await server.begin(programOf(), { HOLDFAST_SERVE_ALONE_MOST: "100.00 EUR" });
  const client = server.client();
  for (const [name, role] of [["olga", "operator"], ["otto", "operator"], ["mia", "mediator"], ["ada", "admin"]] as const) await addUser(client, name, role);
  const past = await new Life(client, "A-0999").place();
  await past.deliver("2026-03-10T10:00:00.000Z");
  await past.at("2026-03-12T08:30:00.000Z");
  const withdrawn = await past.dispute("damaged", { wanted: "partial_refund_keep", amount: { amount: 1500, currency: "EUR" }, has_evidence: true });
  await client.post("/v1/disputes/{dispute_id}/withdraw", { path: { dispute_id: withdrawn }, body: { as: "buyer" } });
  ({ other: life, about: dispute } = await escalated("A-1001"));
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
  await dialog.getByText("No money moves now.").waitFor();
  const later = dialog.getByRole("region", { name: "What this does" });
  await later.getByText("Once the time for an appeal is over: Partial refund, goods are kept, €15.00").waitFor();
  await later.getByText("The buyer may appeal until 2026-03-22", { exact: false }).waitFor();
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

test("a mediator decides that nothing is owed", async () => {
  const { about } = await escalated("A-1005");
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "mia");
  await page.goto(`${server.url}/console/#/disputes/${about}`);
  await page.getByRole("region", { name: "May do now: Marketplace" }).getByRole("button", { name: "Do it: Decide" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Who is right").selectOption("seller");
  for (const remedy of ["Refund with replacement", "Credit", "Coupon"]) assert.equal(await dialog.getByRole("option", { name: remedy, exact: true }).count(), 1, remedy);
  assert.equal(await dialog.getByLabel("Remedy").inputValue(), "nothing");
  await dialog.getByLabel("It is as described").check();
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByText("Once the time for an appeal is over: nothing is paid.").waitFor();
  await dialog.getByLabel("Who is right").selectOption("buyer");
  await dialog.getByLabel("Remedy").selectOption("full_refund");
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByText(/^Once the time for an appeal is over: Full refund, €\d/).waitFor(); // the server says how much
  await dialog.getByLabel("Who is right").selectOption("seller");
  await dialog.getByLabel("Remedy").selectOption("nothing");
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByText("Once the time for an appeal is over: nothing is paid.").waitFor();
  await dialog.getByRole("button", { name: "Decide" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Decided: Nothing, The seller is right.", { exact: false }).waitFor();
  const { verdict } = await server.client().get("/v1/disputes/{dispute_id}", { path: { dispute_id: about } });
  assert.equal(verdict?.settlement.remedy, undefined);
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
  const asked = second.page.getByRole("dialog");
  await asked.getByRole("link", { name: "A-1002" }).waitFor();
  await asked.getByText("Asked for by").waitFor();
  await asked.getByRole("button", { name: "Agree" }).click();
  await second.page.getByText("Agreed").waitFor();
  const { data } = await server.client().get("/v1/orders", { query: { reference: "A-1002" } });
  assert.equal((data[0] as { money: { refunded: number } }).money.refunded, 11970);
  assert.deepEqual([...faults, ...second.faults], []);
  await second.context.close();
});

test("what was asked for of an order that has changed is out of date, and a verdict waits for another mediator", async () => {
  const { other, about } = await escalated("A-1006");
  const mediator = await visit(browser, server.url);
  await signIn(mediator.page, server.url, "mia");
  await mediator.page.goto(`${server.url}/console/#/disputes/${about}`);
  await mediator.page.getByRole("region", { name: "May do now: Marketplace" }).getByRole("button", { name: "Do it: Decide" }).click();
  const dialog = mediator.page.getByRole("dialog");
  await dialog.getByLabel("Who is right").selectOption("buyer");
  await dialog.getByLabel("Remedy").selectOption("partial_refund_keep");
  await dialog.getByLabel("Amount in EUR").fill("101.50");
  await dialog.getByLabel("The item is damaged").check();
  await dialog.getByRole("button", { name: "See what it does" }).click();
  await dialog.getByRole("button", { name: "Decide" }).click();
  await dialog.getByText("This needs a second person").waitFor();
  await mediator.context.close();

  const operator = await visit(browser, server.url);
  await signIn(operator.page, server.url, "otto");
  await operator.page.goto(`${server.url}/console/#/approvals`);
  await operator.page.getByText("A mediator decides about this.").waitFor();
  assert.equal(await operator.page.getByRole("button", { name: "Decide" }).count(), 0);
  await operator.context.close();

  await server.client().post("/v1/orders/{order_id}/messages", { path: other.path, body: { as: "buyer", text: "And?" } });
  const second = await visit(browser, server.url);
  await signIn(second.page, server.url, "ada");
  await second.page.goto(`${server.url}/console/#/approvals`);
  await second.page.getByRole("button", { name: "Decide" }).click();
  const asked = second.page.getByRole("dialog");
  for (const text of ["mia, ", "The buyer is right", "Partial refund, goods are kept, €101.50", "The item is damaged"]) await asked.getByText(text, { exact: false }).waitFor();
  await asked.getByRole("link", { name: "Damaged" }).waitFor();
  await asked.getByRole("button", { name: "Agree" }).click();
  await asked.getByText("Decline it, and have it asked for anew.", { exact: false }).waitFor();
  assert.equal(await asked.getByRole("button", { name: "Agree" }).isDisabled(), true);
  await asked.getByRole("button", { name: "Decline" }).click();
  await second.page.getByText("Declined").waitFor();
  assert.deepEqual([...mediator.faults, ...operator.faults, ...second.faults], []);
  await second.context.close();
});

test("each operation that can wait for a second person has a name", () => {
  const said: Record<string, string> = JSON.parse(readFileSync(join(import.meta.dirname, "../src/texts/en.json"), "utf8"));
  const operations = readFileSync(sourceFile("api/openapi.yaml"), "utf8").split("operationId: ").slice(1);
  const waiting = operations.filter((one) => /^ +'202':/m.test(one)).map((one) => one.split(/\s/)[0] ?? "");
  assert.ok(waiting.includes("cancel_order"));
  assert.deepEqual(waiting.filter((one) => !(`operation.${one}` in said)), []);
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
  assert.equal(await dialog.getByText("At most").count(), 0); // the terms say how much, and only when asked
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

  // Nobody disputes anything, and in the end nothing of today's is left.
  const [money, rights] = [page.getByRole("region", { name: "The order's money then" }), page.getByRole("region", { name: "Rights that are open then" })];
  await money.getByText("+€119.70").waitFor();
  await page.getByLabel("Any moment of this order's life").focus();
  await page.keyboard.press("End");
  const { steps, money: end, state, rights: left } = await server.client().get("/v1/orders/{order_id}/forecast", { path: other.path });
  assert.ok(steps.length > 0 && end.held === 0);
  await money.getByText("Held").waitFor({ state: "detached" });
  await money.getByText(state, { exact: false }).waitFor();
  await page.getByRole("region", { name: "What has happened by then" }).getByText(steps.at(-1)?.text ?? "").waitFor();
  assert.equal(await rights.getByRole("listitem").count(), Math.max(1, left.length));
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

test("a list of which the server looked through only a part says so", async () => {
  const { page, faults, context } = await visit(browser, server.url);
  for (const [address, changes] of [["**/v1/disputes?*", { is_cut: true }], ["**/v1/outgoing", { is_cut: true, data: [] }]] as const)
    await page.route(address, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), ...changes } });
    });
  await signIn(page, server.url, "olga");
  await page.goto(`${server.url}/console/#/disputes`);
  await page.getByText(/^\d+ disputes?\. There may be more/).waitFor();
  await page.goto(`${server.url}/console/#/outgoing`);
  await page.getByText("None was found.").waitFor();
  assert.equal(await page.getByText("All money that was told to leave has left.").count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("what stands twice is told apart, and what takes another role says whose it is", async () => {
  const { page, context } = await visit(browser, server.url);
  const marketplace = page.getByRole("region", { name: "May do now: Marketplace" });
  await signIn(page, server.url, "olga");
  await page.goto(`${server.url}/console/#/orders/${life.id}`);
  await marketplace.getByRole("button", { name: "Do it: Compensate: for the order" }).waitFor();
  await marketplace.getByRole("button", { name: "Do it: Compensate: for the dispute “Damaged”" }).waitFor();
  await marketplace.getByRole("button", { name: "Do it: Link the supplier's case" }).click();
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByLabel("Number of the case there").getAttribute("maxlength"), "39"); // as api/openapi.yaml has it
  await context.close();

  const { other } = await escalated("A-1007");
  for (const [name, request, role] of [["olga", "Decide", "A mediator does this"], ["mia", "Link the supplier's case", "An operator does this"]] as const) {
    const visited = await visit(browser, server.url);
    await signIn(visited.page, server.url, name);
    await visited.page.goto(`${server.url}/console/#/orders/${other.id}`);
    const row = visited.page.getByRole("region", { name: "May do now: Marketplace" }).getByRole("listitem").filter({ hasText: request });
    await row.getByText(role).waitFor();
    assert.equal(await row.getByRole("button").count(), 0);
    await visited.context.close();
  }
});

test("a page asks for nothing that is not its own, and names parties, parcels and sums", async () => {
  await server.client().post("/v1/parties", { body: { reference: "customer-42" } });
  await server.client().post("/v1/parties", { body: { reference: "shop-17" } });
  await server.client().post("/v1/shipments/{shipment_id}/scans", { path: { shipment_id: `shp_${life.id.slice(4)}_1` }, body: { kind: "moving", when: "2026-03-09T10:00:00.000Z" } });
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "olga");
  const missed: string[] = [];
  page.on("response", (response) => { if (response.status() === 404) missed.push(response.url()); });
  await page.goto(`${server.url}/console/#/orders/${life.id}?tab=timeline`);
  await page.getByRole("listitem").filter({ hasText: "Carrier scan" }).filter({ hasText: "On its way" }).waitFor();
  await page.getByRole("tab", { name: "Why?" }).click();
  await page.getByLabel("Do what").selectOption("escalate");
  await page.getByRole("region", { name: /^MP-/ }).first().waitFor();
  const why = await page.getByRole("main").innerText();
  assert.doesNotMatch(why, /\d{4}-\d\d-\d\dT/);
  assert.match(why, /item\s+€/);
  await page.getByRole("link", { name: "shop-17" }).click();
  await page.getByRole("heading", { name: "shop-17" }).waitFor();
  await page.goto(`${server.url}/console/#/terms/marketplace`);
  await page.getByRole("heading", { name: "What happens by itself" }).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Orders" }).click();
  await page.getByRole("link", { name: "A-1001" }).click();
  await page.getByRole("heading", { name: "Order A-1001" }).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Disputes" }).click();
  await page.getByRole("heading", { name: "Disputes" }).waitFor();
  assert.deepEqual(missed, []);
  assert.deepEqual(faults, []);
  await context.close();
});

test("the audit trail begins at the newest, and finds a day and an order", async () => {
  const client = server.client();
  for (let i = 0; i < 12; ++i) await new Life(client, `A-30${String(i).padStart(2, "0")}`).place();
  await client.post("/v1/orders/{order_id}/refunds", { path: life.path, body: { amount: eur(100) } });
  const newest = (await client.get("/v1/orders/{order_id}/events", { path: life.path, query: { limit: 100 } })).data.at(-1) as { sequence: number };
  const { page, faults, context } = await visit(browser, server.url);
  await signIn(page, server.url, "olga");
  await page.goto(`${server.url}/console/#/events`);
  const rows = page.getByRole("row");
  const tail = `…${life.id.slice(-8)}`;
  await rows.nth(1).getByText(tail).waitFor();
  await rows.nth(1).getByRole("cell", { name: String(newest.sequence), exact: true }).waitFor();
  await page.getByLabel("Of the order").fill("A-1001");
  await page.getByLabel("Of the order").press("Enter");
  await page.getByText("All of this order, the newest first.").waitFor();
  await rows.last().getByText("Order placed").waitFor();
  await page.getByRole("button", { name: "To the newest" }).click();
  await rows.nth(1).getByText(tail).waitFor();
  await page.getByLabel("From this day on").fill("2026-01-01");
  await page.getByText("From that day on, the oldest first.").waitFor();
  await rows.nth(1).getByText("Order placed").waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});
