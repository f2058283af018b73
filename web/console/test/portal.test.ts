// One order by signed links, on a phone: the buyer opens a dispute in four steps with a photo, the seller makes an offer, the
// buyer takes it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, phone, visit } from "./browser.ts";
import { eur, Life, programOf, Server, sourceFile } from "./served.ts";

// Somebody's page, which frames the address behind its "?".
class Site {
  readonly #server = createServer((request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(`<iframe title="order" src="${decodeURIComponent(request.url?.split("?")[1] ?? "")}"></iframe>`);
  });
  get url() {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }
  begin = () => new Promise<void>((resolve) => this.#server.listen(0, "localhost", resolve));
  end = () => this.#server.close();
}

const [shop, stranger] = [new Site(), new Site()];
const server = new Server();
let browser: Browser;
let life: Life;

before(async () => {
  for (const site of [shop, stranger]) await site.begin();
  await server.begin(programOf(), { HOLDFAST_SERVE_FRAME_ORIGINS: shop.url });
  life = await new Life(server.client(), "A-1001").place();
  await life.deliver("2026-03-10T10:00:00.000Z");
  await life.at("2026-03-11T09:00:00.000Z");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server.end();
  for (const site of [shop, stranger]) site.end();
});

test("a buyer opens a dispute in four steps, the seller offers, the buyer accepts", async () => {
  const buyer = await visit(browser, server.url, phone);
  await buyer.page.goto(`${server.url}/console/#/portal/${await life.link("buyer")}`);
  await buyer.page.getByRole("heading", { name: "Order A-1001" }).waitFor();
  await buyer.page.getByText("It was delivered. If all is well, you need do nothing.").waitFor();
  await buyer.page.getByText("Order completes").waitFor(); // if nothing is done
  await buyer.page.getByRole("button", { name: "Tell us what is wrong" }).click();
  const steps = buyer.page.getByRole("dialog");
  await steps.getByText("Step 1 of 4").waitFor();
  await steps.getByRole("radio", { name: /^Damaged/ }).check();
  await steps.getByRole("button", { name: "Next" }).click();
  await steps.getByRole("radio", { name: /^Partial refund/ }).check();
  await steps.getByLabel("Amount in EUR").fill("20,00");
  await steps.getByRole("button", { name: "Next" }).click();
  await steps.getByLabel("Photos and files").setInputFiles(sourceFile("tests/data/evidence/photo.jpg"));
  await steps.getByLabel("In your own words").fill("The glaze is cracked.");
  await steps.getByRole("button", { name: "Next" }).click();
  await steps.getByText("Dispute opened").waitFor(); // what it does
  assert.equal((await server.client().get("/v1/orders/{order_id}", { path: life.path })).disputes?.length, 0);
  await steps.getByRole("button", { name: "Open the dispute" }).click();
  await steps.waitFor({ state: "detached" });
  await buyer.page.getByRole("heading", { name: "Dispute: Damaged" }).waitFor();
  const dispute = (await server.client().get("/v1/orders/{order_id}", { path: life.path })).disputes?.[0];
  assert.deepEqual(dispute?.requested, { amount: 2000, currency: "EUR" });
  assert.equal(dispute?.evidence?.length, 1);

  const seller = await visit(browser, server.url, phone);
  await seller.page.goto(`${server.url}/console/#/portal/${await life.link("seller")}`);
  await seller.page.getByRole("heading", { name: "Dispute: Damaged" }).waitFor();
  // Silence costs the seller money, by a rule that speaks to the buyer.
  await seller.page.getByText("It was delivered.", { exact: true }).waitFor();
  await seller.page.getByText("The rule, as the buyer reads it:", { exact: false }).waitFor();
  await buyer.page.getByText("It was delivered.", { exact: true }).waitFor();
  assert.equal(await buyer.page.getByText("as the buyer reads it", { exact: false }).count(), 0);
  await seller.page.getByText("Evidence (1)").click();
  await seller.page.getByRole("img", { name: "Photo, shown by: Buyer" }).waitFor();
  await seller.page.getByRole("button", { name: "Do it: Make an offer" }).click();
  const offer = seller.page.getByRole("dialog");
  await offer.getByLabel("Remedy").selectOption("partial_refund_keep");
  await offer.getByLabel("Amount in EUR").fill("12.00");
  await offer.getByRole("button", { name: "See what it does" }).click();
  await offer.getByRole("button", { name: "Make an offer" }).click();
  await offer.waitFor({ state: "detached" });
  await seller.page.getByText("Your offer").waitFor();

  await buyer.page.reload();
  await buyer.page.getByText("Offer: Seller").waitFor();
  await buyer.page.getByRole("button", { name: "Do it: Accept the offer" }).click();
  const accept = buyer.page.getByRole("dialog");
  await accept.getByText("What was settled cannot be claimed again.").waitFor();
  await accept.getByRole("button", { name: "Accept the offer" }).click();
  await accept.waitFor({ state: "detached" });
  const order = await server.client().get("/v1/orders/{order_id}", { path: life.path });
  assert.equal(order.disputes?.[0]?.phase, "closed");
  assert.equal(order.money?.refunded, 1200);
  assert.deepEqual([...buyer.faults, ...seller.faults], []);
  await buyer.context.close();
  await seller.context.close();
});

test("the page of a link may stand in a frame of the sites that are named, and no other page may", async () => {
  const { page, context } = await visit(browser, server.url, phone);
  const link = await life.link("buyer");
  const frame = async (site: Site, path: string) => {
    await page.goto(`${site.url}/?${encodeURIComponent(`${server.url}/console/${path}`)}`);
    return page.frameLocator("iframe");
  };
  const framed = await frame(shop, `portal.html#/${link}`);
  await framed.getByRole("heading", { name: "Order A-1001" }).waitFor();
  await framed.getByText("Messages (0)").click();
  const messages = framed.locator("details[open]");
  await messages.getByLabel("Write").fill("From within the shop.");
  await messages.getByRole("button", { name: "Send" }).click();
  await framed.getByText("From within the shop.").waitFor();
  for (const [site, path] of [[stranger, `portal.html#/${link}`], [shop, "#/overview"]] as const) {
    const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
    const nothing = await frame(site, path);
    await refused;
    assert.equal(await nothing.getByRole("heading", { level: 1 }).count(), 0, path);
  }
  await context.close();
});

test("one file that is not taken does not end the others", async () => {
  const other = await new Life(server.client(), "A-1002").place();
  await other.deliver("2026-03-10T10:00:00.000Z");
  await other.at("2026-03-11T09:00:00.000Z");
  const dispute = await other.dispute("damaged", { wanted: "partial_refund_keep", amount: eur(2000), has_evidence: true });
  const { page, context } = await visit(browser, server.url, phone);
  await page.goto(`${server.url}/console/portal.html#/${await other.link("buyer")}`);
  await page.getByText("Show something more").click();
  const nothing = { name: "nothing.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture at all \u0000\u0001") };
  const photo = { name: "photo.jpg", mimeType: "image/jpeg", buffer: readFileSync(sourceFile("tests/data/evidence/photo.jpg")) };
  await page.getByLabel("Photos and files").setInputFiles([nothing, photo]);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Not taken: nothing.jpg").waitFor();
  const { evidence } = await server.client().get("/v1/disputes/{dispute_id}", { path: { dispute_id: dispute } });
  assert.equal(evidence?.length, 1);
  await context.close();
});

test("a link that is over says so", async () => {
  const { page, context } = await visit(browser, server.url, phone);
  await page.goto(`${server.url}/console/#/portal/lnk_nothing`);
  await page.getByRole("heading", { name: "This link has expired" }).waitFor();
  await context.close();
});

test("one parcel of two that came is a part", async () => {
  const client = server.client();
  const other = await new Life(client, "A-1003").place([{ line: 2, quantity: 1 }]);
  await other.deliver("2026-03-10T10:00:00.000Z");
  await other.at("2026-03-11T09:00:00.000Z");
  await client.post("/v1/orders/{order_id}/shipments", { path: other.path, body: { tracking: "RR123456786DE", carrier: "DHL" } });
  const { page, faults, context } = await visit(browser, server.url, phone);
  await page.goto(`${server.url}/console/portal.html#/${await other.link("buyer")}`);
  await page.getByText("A part of it was delivered.", { exact: true }).waitFor();
  assert.equal(await page.getByText("you need do nothing", { exact: false }).count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});
