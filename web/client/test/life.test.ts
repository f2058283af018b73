// The client against a real server: one order from placing to the refund, lists, events.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Holdfast, HoldfastProblem, type Schemas } from "../src/index.ts";
import { Folder, freePort, Served } from "./server.ts";

const folder = new Folder();
let server: Served;
let holdfast: Holdfast;

before(async () => {
  server = await Served.start(folder.file("life.db"));
  holdfast = new Holdfast({ url: server.url + "/", key: server.key });
});
after(async () => {
  await server.stop();
  folder.remove();
});

const eur = (amount: number): Schemas["Money"] => ({ amount, currency: "EUR" });

function placement(reference: string, more: Partial<Schemas["Place"]> = {}): Schemas["Place"] {
  return {
    reference,
    placed_at: "2026-03-01T09:00:00.000Z",
    buyer: { reference: "customer-42" },
    seller: { reference: "shop-17" },
    currency: "EUR",
    lines: [{ sku: "mug-blue", quantity: 2, unit_price: eur(4990) }],
    shipping: eur(490),
    terms: { terms_id: "marketplace" },
    promised_by: "2026-03-31",
    ...more,
  };
}

async function refused(asked: Promise<unknown>): Promise<HoldfastProblem> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof HoldfastProblem) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

test("an order lives from placing to the refund", async () => {
  const clock = await holdfast.post("/v1/test_clocks", { body: { shows: "2026-03-01T09:00:00.000Z" } });
  const placed = await holdfast.post("/v1/orders", { body: placement("A-1001", { clock: clock.id }), key: "place-A-1001" });
  const again = await holdfast.post("/v1/orders", { body: placement("A-1001", { clock: clock.id }), key: "place-A-1001" });
  assert.equal(placed.replayed, false);
  assert.equal(again.replayed, true);
  assert.deepEqual(again.events, placed.events);
  const order_id = placed.order_id ?? "";
  const path = { order_id };

  await holdfast.post("/v1/orders/{order_id}/payments", {
    path, body: { seen: "captured", amount: eur(10470), reference: "pi_1" },
  });
  await holdfast.post("/v1/orders/{order_id}/shipments", { path, body: { tracking: "RR123456785DE" } });
  const wish = { as: "buyer", reason: "not_received", wanted: "full_refund" } as const;
  const early = await refused(holdfast.post("/v1/orders/{order_id}/disputes", { path, body: wish }));
  assert.equal(early.status, 422);
  assert.equal(early.code, "not_granted");
  assert.ok(early.problem.opens_at);
  assert.match(early.problem.type ?? "", /^\/problems\/not_granted$/);

  await holdfast.post("/v1/test_clocks/{clock_id}/advance", {
    path: { clock_id: clock.id }, body: { to: "2026-04-02T08:30:00.000Z" }, ifMatch: clock.version,
  });
  const before = await holdfast.get("/v1/orders/{order_id}", { path, query: { as: "buyer" } });
  const shown = await holdfast.preview("/v1/orders/{order_id}/disputes", { path, body: wish });
  assert.equal(shown.object, "preview");
  const unchanged = await holdfast.get("/v1/orders/{order_id}", { path, query: { as: "buyer" } });
  assert.equal(unchanged.version, before.version);

  await holdfast.post("/v1/orders/{order_id}/disputes", { path, body: wish });
  await holdfast.post("/v1/test_clocks/{clock_id}/advance", {
    path: { clock_id: clock.id }, body: { to: "2026-04-08T08:30:00.000Z" },
  });
  const told = [];
  for await (const one of holdfast.list("/v1/orders/{order_id}/instructions", { path })) told.push(one);
  assert.deepEqual(told.map((one) => one.amount), [eur(10470)]);
  await holdfast.post("/v1/instructions/{instruction_id}/settle", {
    path: { instruction_id: told[0]?.id ?? "" }, body: { state: "succeeded" },
  });
  const end = await holdfast.get("/v1/orders/{order_id}", { path });
  assert.equal(end.money?.refunded, 10470);
  assert.equal(end.money?.held, 0);
});

test("a list is walked to its end, whatever the size of its pages", async () => {
  for (const reference of ["P-1", "P-2", "P-3"]) await holdfast.post("/v1/orders", { body: placement(reference) });
  const whole = await holdfast.get("/v1/orders", { query: { limit: 100 } });
  for (const limit of [1, 2, 100]) {
    const seen: string[] = [];
    for await (const order of holdfast.list("/v1/orders", { query: { limit } })) seen.push(order.id);
    assert.deepEqual(seen, whole.data.map((order) => (order as Schemas["Order"]).id));
    assert.ok(seen.length >= 4);
  }
  const types = new Set<string>();
  const first = await holdfast.get("/v1/events", { query: { limit: 1 } });
  const from = (first.data[0] as Schemas["Event"]).id;
  for await (const event of holdfast.list("/v1/events", { query: { limit: 2, after: from, types: ["order.*", "refund.issued"] } })) {
    assert.notEqual(event.id, from);
    types.add(event.type);
  }
  assert.ok(types.has("order.placed") && types.has("refund.issued") && !types.has("dispute.opened"));
});

test("what is absent has no body, and a key that is not known is told so", async () => {
  const made = await holdfast.post("/v1/keys", { body: { scopes: ["orders:read"], expires_at: "2999-01-01T00:00:00.000Z" } });
  const small = new Holdfast({ url: server.url, key: made.secret ?? "" });
  assert.equal((await refused(small.post("/v1/orders", { body: placement("S-1") }))).code, "scope_missing");
  assert.equal(await holdfast.delete("/v1/keys/{key_id}", { path: { key_id: made.id } }), undefined);
  assert.equal((await refused(small.get("/v1/orders"))).code, "credentials_invalid");
  const events = small.events();
  assert.equal((await refused(events.next())).code, "credentials_invalid");
});

test("an endpoint is changed as the version that was read", async () => {
  const made = await holdfast.post("/v1/webhook_endpoints", { body: { url: "https://shop.example/h" } });
  const path = { endpoint_id: made.id };
  const stale = await refused(holdfast.patch("/v1/webhook_endpoints/{endpoint_id}", { path, ifMatch: '"0123456789abcdef"', body: { disabled: "x" } }));
  assert.equal(stale.code, "version_differs");
  await holdfast.delete("/v1/webhook_endpoints/{endpoint_id}", { path });
});

test("events are followed over a server that goes and comes back, each once", async () => {
  const database = folder.file("events.db");
  const port = await freePort();
  let following = await Served.start(database, port);
  const client = new Holdfast({ url: following.url, key: following.key });
  const stopped = new AbortController();
  const got: string[] = [];
  const placed: string[] = [];
  const place = async (by: Holdfast, reference: string) => {
    placed.push((await by.post("/v1/orders", { body: placement(reference) })).order_id ?? "nothing");
  };
  let wake = () => {};
  const reading = (async () => {
    for await (const event of client.events({ types: ["order.placed"], signal: stopped.signal })) {
      got.push(event.data.order_id ?? "");
      wake();
    }
  })();
  const until = async (count: number) => {
    while (got.length < count) await new Promise<void>((resolve) => (wake = resolve));
  };
  const restarted = async (...references: string[]) => {
    await following.stop();
    const elsewhere = await Served.start(database);
    const other = new Holdfast({ url: elsewhere.url, key: elsewhere.key });
    for (const reference of references) await place(other, reference);
    await elsewhere.stop();
    following = await Served.start(database, port);
  };
  await new Promise((resolve) => setTimeout(resolve, 300)); // the stream begins before anything has happened
  await restarted("E-1", "E-2");
  await until(2);
  await restarted("E-3");
  await until(3);
  await place(client, "E-4");
  await until(4);
  stopped.abort();
  await reading;
  await following.stop();
  assert.deepEqual(got, placed);
  assert.equal(placed.length, 4);
});
