// How the words of the desk look, and how a way out of a complaint is said.

import type { Schemas } from "../lib/client.ts";
import { moment, number, percent } from "../lib/format.ts";
import { t, tn, word } from "../lib/texts.ts";

export const words: Schemas["WorkWord"][] = ["claim_now", "closing_soon", "late_claim_now", "ask_extension", "do_not_confirm", "answer_due", "return_due", "waiting", "missed", "recovered"];
export const complaints: Schemas["Complaint"][] = ["not_received", "late", "not_as_described", "damaged", "wrong_item", "missing_parts", "change_of_mind"];

// Where a row leads: a purchase to its page, a customer's dispute to the sale that it is about.
export const placeOf = (row: Schemas["WorkRow"]): string =>
  row.object === "customer_dispute" ? `desk/where?q=${encodeURIComponent(row.reference)}` : `desk/purchases/${row.id}`;

export function toneOf(word: Schemas["WorkWord"]): "plain" | "accent" | "ok" | "warn" | "danger" {
  if (word === "closing_soon") return "danger";
  if (word === "claim_now" || word === "late_claim_now") return "accent";
  if (word === "recovered") return "ok";
  if (word === "waiting" || word === "missed" || word === "none") return "plain";
  return "warn";
}

// A platform's own word of a status, such as WAIT_BUYER_ACCEPT_GOODS; what it says in plain letters stays as it is.
export const sourceWord = (text: string) => (/^[A-Z]+$|^\w*_\w*$/.test(text) ? word("source_word", text.toLowerCase()) : text);

export const isPurchase = (row: Schemas["WorkRow"]): row is Schemas["PurchaseRow"] => row.object === "purchase";
export const mayClaim = (row: Schemas["WorkRow"]): row is Schemas["PurchaseRow"] =>
  isPurchase(row) && (row.word === "claim_now" || row.word === "closing_soon" || row.word === "late_claim_now");

// "claim_then_wait_14_days" step by step.
export function wayText(way: string): string {
  const steps = way.split("_then_").map((step) => {
    const days = /^wait_(\d+)_days$/.exec(step)?.[1];
    return days ? tn("way.wait_days", Number(days)) : word("way", step);
  });
  return steps.join(t("way.then"));
}

const interval = (chance: Schemas["ArrivalChance"] | Schemas["ClaimChance"]) => ({ likely: percent(chance.likely), low: percent(chance.low), high: percent(chance.high), alike: number(chance.alike) });
export const chanceText = (chance: Schemas["ArrivalChance"]) => tn("arrival_chance.of", chance.sample, interval(chance));
export const claimChanceText = (chance: Schemas["ClaimChance"]) => tn("claim_chance.of", chance.sample, { ...interval(chance), all: number(chance.all) });

// Whether and until when a row sleeps, as the server has it: nothing sleeps past the end of its window.
export const isAsleep = ({ snoozed_until: until }: Schemas["WorkRow"]) => until !== undefined && Date.parse(until) > Date.now();
export const sleepText = (row: Schemas["WorkRow"]) => (row.snoozed_until && isAsleep(row) ? t("worklist.sleeps", { until: moment(row.snoozed_until) }) : t("worklist.stays_awake"));
