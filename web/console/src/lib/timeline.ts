// One line of all that happened to an order and of what is ahead: facts, messages, offers, evidence, money, deadlines.

import type { Schemas } from "./client.ts";
import { money } from "./format.ts";
import { t, word } from "./texts.ts";

export type Kind = "fact" | "dispute" | "message" | "offer" | "evidence" | "money" | "deadline" | "notice";
export interface Item {
  id: string;
  at: string;
  kind: Kind;
  title: string;
  note?: string;
  by?: string; // a side
  clause?: string;
  ahead?: boolean;
}

const kinds: Record<string, Kind> = {
  dispute: "dispute", offer: "offer", evidence: "evidence", payment: "money", refund: "money", instruction: "money", chargeback: "money",
  notice: "notice", return: "dispute", settlement: "offer", replacement: "dispute",
};
const kindsOfTypes: Record<string, Kind> = {
  "order.released": "money", "order.compensated": "money", "order.decided": "dispute", "order.escalated": "dispute", "order.appealed": "dispute",
  "order.message_sent": "message", "order.default_struck": "deadline", "order.reminded": "notice", "order.outage_given_back": "deadline",
};
// They stand for nothing that a reader looks for.
const unseen = new Set(["order.standing_seen", "order.acknowledged", "notice.made", "notice.sent"]);

type Details = Record<string, unknown>;
const text = (details: Details, name: string) => (typeof details[name] === "string" ? (details[name] as string) : undefined);
const amountOf = (details: Details, name: string, currency: string) =>
  typeof details[name] === "number" ? money({ amount: details[name] as number, currency }) : undefined;

export function settlementText(value: unknown, currency: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { remedy, amount } = value as { remedy?: string; amount?: number | { amount: number } };
  const sum = typeof amount === "object" ? amount.amount : amount;
  return [remedy && word("remedy", remedy), sum && money({ amount: sum, currency })].filter(Boolean).join(", ") || undefined;
}

function noteOf(event: Schemas["Event"], currency: string): string | undefined {
  const details = (event.data.details ?? {}) as Details;
  switch (event.type) {
    case "order.shipped": return text(details, "tracking") ?? undefined;
    case "order.scanned": return word("scan", text(details, "kind") ?? "moving"); // what is most usual is not written
    case "payment.captured":
    case "payment.authorised":
    case "refund.issued":
    case "order.compensated": return amountOf(details, "amount", currency);
    case "order.released": return amountOf(details, "gross", currency);
    case "dispute.opened":
    case "dispute.modified":
      return [word("reason", text(details, "reason")), word("remedy", text(details, "wanted")), amountOf(details, "requested", currency)].filter(Boolean).join(", ");
    case "offer.made": return settlementText((details["plan"] as Details | undefined)?.["then"], currency);
    case "evidence.submitted": return word("evidence", text(details, "kind"));
    case "order.decided": return settlementText((details["verdict"] as Details | undefined)?.["settlement"], currency) ?? word("remedy", "nothing");
    case "dispute.closed": return word("winner", text(details, "winner"));
    case "return.sent": return text(details, "tracking");
    case "return.received":
    case "return.contested": return word("condition", text(details, "condition"));
    case "instruction.settled": return word("instruction", text(details, "state"));
    default: return undefined;
  }
}

function itemOf(event: Schemas["Event"], currency: string): Item {
  const details = (event.data.details ?? {}) as Details;
  const item: Item = {
    id: event.id, at: event.timestamp, title: word("event", event.type),
    kind: kindsOfTypes[event.type] ?? kinds[event.type.split(".")[0] ?? ""] ?? "fact",
  };
  const note = noteOf(event, currency);
  const by = text(details, "by") ?? text(details, "of");
  const clause = text(details, "clause");
  return { ...item, ...(note && { note }), ...(by && { by }), ...(clause && { clause }) };
}

const messageItem = (message: Schemas["Message"]): Item => ({
  id: message.id, at: message.sent_at, kind: "message", by: message.by,
  title: t(message.to === "platform" ? "timeline.message_to_platform" : "timeline.message"),
  note: message.erased ? t("timeline.erased") : (message.text ?? ""),
});

// Is it about this dispute, or an offer made in it?
export const isAbout = (dispute: Schemas["Dispute"]) => (action: Schemas["Action"]) =>
  action.subject_id === dispute.id || (dispute.offers ?? []).some((offer) => offer.id === action.subject_id);

// What happens by itself if nobody does anything, each once, the soonest first.
export function aheadOf(actions: Schemas["Action"][]): Item[] {
  const found = new Map<string, Item>();
  for (const { consequence_of_silence: silence } of actions) {
    if (!silence) continue;
    const id = `${silence.at} ${silence.clause ?? silence.action}`;
    found.set(id, {
      id, at: silence.at, kind: "deadline", ahead: true, title: word("default", silence.action),
      ...(silence.text && { note: silence.text }), ...(silence.clause && { clause: silence.clause }),
    });
  }
  return [...found.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export function timelineOf(order: Schemas["Order"], events: Schemas["Event"][], messages: Schemas["Message"][], actions: Schemas["Action"][]): Item[] {
  const told = events.filter((event) => !unseen.has(event.type) && event.type !== "order.message_sent").map((event) => itemOf(event, order.currency));
  const items = [...told, ...messages.map(messageItem)].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return [...items, ...aheadOf(actions)];
}
