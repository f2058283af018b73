// All that an operator sees of one order: its views for each side, its history, and the sentences of its terms.

import { server, type Schemas } from "../lib/client.ts";
import { take } from "../lib/all.ts";
import { clausesOf, showsOf } from "../lib/clauses.ts";
import { partyName } from "./names.ts";

export const sides = ["platform", "seller", "buyer"] as const;
export type Side = (typeof sides)[number];

export interface Case {
  order: Schemas["Order"];
  actions: Record<Side, Schemas["Action"][]>;
  events: Schemas["Event"][];
  messages: Schemas["Message"][];
  entries: Schemas["Entry"][];
  instructions: Schemas["Instruction"][];
  clauses: Map<string, string>;
  shows: string | undefined;
  // The names of its parties.
  buyer: string | undefined;
  seller: string | undefined;
}

const most = 1_000;

export async function loadCase(id: string): Promise<Case> {
  const path = { order_id: id };
  const rest = { path, query: { limit: 100 } };
  const [order, seller, buyer, events, messages, entries, instructions] = await Promise.all([
    server.get("/v1/orders/{order_id}", { path }),
    server.get("/v1/orders/{order_id}", { path, query: { as: "seller" } }),
    server.get("/v1/orders/{order_id}", { path, query: { as: "buyer" } }),
    take(server.list("/v1/orders/{order_id}/events", rest), most),
    take(server.list("/v1/orders/{order_id}/messages", rest), most),
    take(server.list("/v1/orders/{order_id}/entries", rest), most),
    take(server.list("/v1/orders/{order_id}/instructions", rest), most),
  ]);
  const [clauses, shows, buyerName, sellerName] = await Promise.all([
    clausesOf(server, order.terms?.terms_id), showsOf(server, order, "buyer"), partyName(order.buyer), partyName(order.seller),
  ]);
  return {
    order, clauses, shows, buyer: buyerName, seller: sellerName,
    actions: { platform: order.actions ?? [], seller: seller.actions ?? [], buyer: buyer.actions ?? [] },
    events: events.rows, messages: messages.rows, entries: entries.rows, instructions: instructions.rows,
  };
}

export const orderIdOf = (id: string) => `ord_${id.replace(/^[a-z]+_/, "").replace(/_\d+$/, "")}`;
