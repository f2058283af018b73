// The sentences of terms, by clause: fetched once for each edition.

import type { Holdfast } from "../../../client/src/index.ts";

const kept = new Map<string, Promise<Map<string, string>>>();

// A link may not read terms; then nothing is known of their sentences.
export function clausesOf(client: Holdfast, termsId: string | undefined): Promise<Map<string, string>> {
  if (!termsId) return Promise.resolve(new Map());
  let found = kept.get(termsId);
  if (!found) {
    found = client
      .get("/v1/terms/{terms_id}", { path: { terms_id: termsId } })
      .then((terms) => new Map(terms.clauses.map((clause) => [clause.id, clause.text])))
      .catch(() => new Map<string, string>());
    kept.set(termsId, found);
  }
  return found;
}

// What the clock shows that an order of the sandbox lives by; nothing for the real time.
export async function showsOf(client: Holdfast, order: { id: string; clock?: string }): Promise<string | undefined> {
  if (!order.clock) return undefined;
  const query = { action: "open_dispute", as: "buyer", reason: "not_received" } as const;
  return (await client.get("/v1/orders/{order_id}/explain", { path: { order_id: order.id }, query })).at;
}
