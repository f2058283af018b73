// What must hold of every page: nothing serious by axe in light and dark, 360 px without sideways scrolling, every control
// reached by Tab, no word to anybody else, and a first page that is small.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { hold, launch, reachable, signIn, visit, weigh } from "./browser.ts";
import { addUser, eur, importSamples, Life, programOf, Server } from "./served.ts";

const server = new Server();
let browser: Browser;
const pages: Record<string, { name: string; at: string[] }> = {};
const links: string[] = [];

before(async () => {
  await server.begin(programOf());
  const client = server.client();
  await addUser(client, "ada", "admin");
  await addUser(client, "lena", "lead");
  const life = await new Life(client, "A-1001").place();
  await life.at("2026-04-02T08:30:00.000Z");
  const dispute = await life.dispute("not_received", { wanted: "full_refund" });
  await client.post("/v1/disputes/{dispute_id}/offers", { path: { dispute_id: dispute }, body: { as: "seller", plan: { then: { remedy: "partial_refund_keep", amount: { amount: 3000, currency: "EUR" } } } } });
  await client.post("/v1/orders/{order_id}/messages", { path: life.path, body: { as: "buyer", text: "Where is it?", dispute_id: dispute } });
  await importSamples(server);
  const order = await client.get("/v1/orders/{order_id}", { path: life.path });
  const purchase = ((await client.get("/v1/desk/worklist", { query: { limit: 1 } })).data[0] as { id: string }).id;
  await addUser(client, "berta", "buyer", order.buyer);
  pages["ada"] = {
    name: "ada",
    at: [
      "overview", "disputes", `disputes/${dispute}`, `disputes/${dispute}?tab=evidence`, `disputes/${dispute}?tab=offers`, `disputes/${dispute}?tab=messages`,
      `disputes/${dispute}?tab=decisions`, `disputes/${dispute}?tab=similar`, "orders",
      `orders/${life.id}`, `orders/${life.id}?tab=machine`, `orders/${life.id}?tab=why`, `orders/${life.id}?tab=money`, `parties/${order.seller}`, "outgoing", "approvals", "events",
      "terms", "terms/marketplace", "terms/marketplace?tab=life", "terms/marketplace?tab=exact", "users", "keys", "webhooks", "nowhere",
    ],
  };
  pages["lena"] = { name: "lena", at: [
    "desk", "desk/worklist", `desk/purchases/${purchase}`, `desk/purchases/${purchase}/claim`, "desk/where", "desk/where?q=%231052",
    "desk/complaint?system=shopify&reference=%231052&complaint=not_received&claim_chance=9000&arrival_chance=3000", "desk/complaint", "desk/links", "desk/import", "desk/audit",
    "desk/suppliers", ...["arrivals", "recovery", "gap", "budget", "budget&cap=200", "choices"].map((tab) => `desk/suppliers?tab=${tab}`),
  ] };
  pages["berta"] = { name: "berta", at: ["mine", `mine/${life.id}`] };
  const path = { party_id: order.seller };
  await client.post("/v1/parties", { body: { reference: "shop-17" } });
  await client.post("/v1/parties/{party_id}/deposits", { path, body: { reference: "py_1", amount: eur(50_000) } });
  await client.post("/v1/parties/{party_id}/holds", { path, body: { reason: "new_seller" } });
  const early = await new Life(client, "A-1002").place();
  await client.post("/v1/orders/{order_id}/refunds", { path: early.path, body: { amount: eur(500) } });
  links.push(await life.link("buyer"), await life.link("seller"), await early.link("buyer"));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server.end();
});

for (const name of ["ada", "lena", "berta"]) {
  test(`every page of ${name} holds`, { timeout: 900_000 }, async () => {
    const { page, faults, context } = await visit(browser, server.url);
    await signIn(page, server.url, name);
    for (const path of pages[name]?.at ?? []) {
      await page.goto(`${server.url}/console/#/${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForFunction(() => document.querySelector(".waiting") === null); // the stream of events never ends
      await hold(page, path.replace(/\W+/g, "_"));
      await reachable(page, path);
    }
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("the sign-in and the pages by link hold", { timeout: 600_000 }, async () => {
  const { page, faults, context } = await visit(browser, server.url);
  for (const [i, path] of ["#/", "#/setup", ...[...links, "lnk_nothing"].map((link) => `portal.html#/${link}`)].entries()) {
    await page.goto(`${server.url}/console/${path}`);
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await hold(page, `open_${i}`);
    await reachable(page, path);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("the first page of each face is under 300 kB", async () => {
  const most = 300_000;
  for (const [name, path] of [["ada", "#/overview"], ["ada", "#/disputes"], ["lena", "#/desk"], ["", `portal.html#/${links[0]}`]] as const) {
    const bytes = await weigh(browser, server.url, name, path);
    assert.ok(bytes > 20_000 && bytes < most, `${path}: ${bytes} bytes`);
  }
});
