// What must not compile: each line that is expected to be an error is one, or tsc says so.

import type { Holdfast } from "../src/index.ts";

export async function wrong(holdfast: Holdfast): Promise<void> {
  // @ts-expect-error: there is no such path
  await holdfast.get("/v1/order");
  // @ts-expect-error: it is not asked with GET
  await holdfast.get("/v1/orders/{order_id}/cancel", { path: { order_id: "ord_1" } });
  // @ts-expect-error: the order is not named
  await holdfast.get("/v1/orders/{order_id}");
  // @ts-expect-error: the body is missing
  await holdfast.post("/v1/test_clocks");
  // @ts-expect-error: a member is misspelt
  await holdfast.post("/v1/test_clocks", { body: { show: "2026-03-01T09:00:00.000Z" } });
  // @ts-expect-error: this is no reason to open a dispute for
  await holdfast.post("/v1/orders/{order_id}/disputes", { path: { order_id: "ord_1" }, body: { as: "buyer", reason: "dull" } });
  // @ts-expect-error: what it would do is preview()'s
  await holdfast.post("/v1/orders/{order_id}/cancel", { path: { order_id: "ord_1" }, body: {}, query: { preview: true } });
  // @ts-expect-error: it takes no query
  await holdfast.post("/v1/test_clocks", { body: { shows: "2026-03-01T09:00:00.000Z" }, query: { limit: 1 } });
  // @ts-expect-error: its query has no such member
  await holdfast.get("/v1/orders", { query: { limt: 1 } });
  // @ts-expect-error: it has no preview
  await holdfast.preview("/v1/test_clocks", { body: { shows: "2026-03-01T09:00:00.000Z" } });
  // @ts-expect-error: it is no list
  holdfast.list("/v1/orders/{order_id}", { path: { order_id: "ord_1" } });
  const order = await holdfast.get("/v1/orders/{order_id}", { path: { order_id: "ord_1" } });
  // @ts-expect-error: an order has no such member
  order.price;
  for await (const one of holdfast.list("/v1/events")) {
    // @ts-expect-error: an event has no such member
    one.price;
  }
}
