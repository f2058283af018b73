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
      .catch(() => {
        kept.delete(termsId);
        return new Map<string, string>();
      });
    kept.set(termsId, found);
  }
  return found;
}

// What the clock shows that an order of the sandbox lives by; nothing for the real time.
// `as`: a side that the reader may ask for; explanations say when they were asked.
export async function showsOf(client: Holdfast, order: { id: string; clock?: string }, as: "buyer" | "seller"): Promise<string | undefined> {
  if (!order.clock) return undefined;
  const query = as === "buyer" ? ({ action: "open_dispute", as, reason: "not_received" } as const) : ({ action: "extend", as } as const);
  return (await client.get("/v1/orders/{order_id}/explain", { path: { order_id: order.id }, query })).at;
}
