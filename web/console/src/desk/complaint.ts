// What a complaint is asked about, as it stands in the address.

import type { Options } from "../../../client/src/index.ts";
import { route } from "../lib/route.svelte.ts";
import { complaints } from "./words.ts";

export const chances = ["arrival_chance", "claim_chance", "accept_chance"] as const;
export const prices = ["part", "resend", "resend_other", "gift", "return_postage"] as const;

type Query = Options<"/v1/desk/remedies", "get">["query"];

// None: the address names no complaint that there is.
export function questionOf(system: string, reference: string): Query | undefined {
  const complaint = complaints.find((one) => one === route.query.get("complaint"));
  if (!complaint) return undefined;
  const numbers = [...chances, ...prices].flatMap((name) => (route.query.has(name) ? [[name, Number(route.query.get(name))]] : []));
  return { system, reference, complaint, ...Object.fromEntries(numbers) };
}

export const complaintPage = (sale: { system: string; reference: string }) => `desk/complaint?${new URLSearchParams({ system: sale.system, reference: sale.reference })}`;
