// What people can ask for about an order, a dispute, an offer or a party's books: where it is sent and what it needs to
// know. Whether it is allowed, until when and why, the server says (`actions`, previews); nothing of that is repeated here.

import type { PathWithPreview, Schemas } from "../../../client/src/types.ts";
import { inDays } from "./clock.svelte.ts";
import type { TextKey } from "./texts.ts";

export type RequestName = Schemas["RequestName"];
export type PartyRequest =
  | "hold_payouts" | "lift_hold" | "batch_payout" | "settle_payout" | "set_reserve" | "set_deposit_cover" | "set_payout_account"
  | "record_deposit" | "return_deposit" | "fine_party" | "record_debt_payment" | "write_off_debt";
export type CommandName = RequestName | PartyRequest | "settle_instruction";
export type FieldName =
  | "wanted" | "remedy" | "verdict_remedy" | "amount" | "days" | "condition" | "worse_condition" | "address_text" | "label" | "tracking" | "sku" | "system"
  | "reference" | "choice" | "winner" | "codes" | "of" | "due_at" | "new_information" | "hold" | "currency" | "percent" | "reserve_days"
  | "covers_debt" | "account" | "paid_reference" | "clause" | "fine" | "bearer" | "state";
export type Subject = "order_id" | "dispute_id" | "offer_id" | "shipment_id" | "instruction_id" | "chargeback_id" | "party_id" | "payout_id";
export type Answers = Partial<Record<FieldName, string>>;

export interface Command {
  path: PathWithPreview;
  subject: Subject;
  fields: FieldName[];
  // What it ends cannot be had again: it is asked once more.
  ends?: boolean;
  // The platform gives it by itself; the others say for whom.
  alone?: boolean;
  // Without a sum it is all that there is.
  amountOptional?: boolean;
}

export const commands: Partial<Record<RequestName, Command>> = {
  cancel: { path: "/v1/orders/{order_id}/cancel", subject: "order_id", fields: [], ends: true },
  decline_cancel: { path: "/v1/orders/{order_id}/decline_cancel", subject: "order_id", fields: [] },
  request_extension: { path: "/v1/orders/{order_id}/request_extension", subject: "order_id", fields: ["days"] },
  extend: { path: "/v1/orders/{order_id}/extend", subject: "order_id", fields: ["days"], ends: true },
  confirm_receipt: { path: "/v1/orders/{order_id}/confirm_receipt", subject: "order_id", fields: [], ends: true },
  compensate: { path: "/v1/orders/{order_id}/compensations", subject: "order_id", fields: ["amount"], ends: true },
  refund: { path: "/v1/orders/{order_id}/refunds", subject: "order_id", fields: ["amount"], ends: true, amountOptional: true },
  promise_gift: { path: "/v1/orders/{order_id}/gifts", subject: "order_id", fields: ["sku"] },
  repeat_instruction: { path: "/v1/instructions/{instruction_id}/repeat", subject: "instruction_id", fields: [], ends: true, alone: true },
  settle_arrival: { path: "/v1/shipments/{shipment_id}/settle_arrival", subject: "shipment_id", fields: ["choice"], ends: true },
  link_upstream: { path: "/v1/disputes/{dispute_id}/link_upstream", subject: "dispute_id", fields: ["system", "reference"] },
  modify_dispute: { path: "/v1/disputes/{dispute_id}/modify", subject: "dispute_id", fields: ["wanted", "amount"] },
  withdraw_dispute: { path: "/v1/disputes/{dispute_id}/withdraw", subject: "dispute_id", fields: [], ends: true },
  respond: { path: "/v1/disputes/{dispute_id}/respond", subject: "dispute_id", fields: [] },
  make_offer: { path: "/v1/disputes/{dispute_id}/offers", subject: "dispute_id", fields: ["remedy", "amount"] },
  accept_offer: { path: "/v1/offers/{offer_id}/accept", subject: "offer_id", fields: [], ends: true },
  decline_offer: { path: "/v1/offers/{offer_id}/decline", subject: "offer_id", fields: [] },
  escalate: { path: "/v1/disputes/{dispute_id}/escalate", subject: "dispute_id", fields: [] },
  request_evidence: { path: "/v1/disputes/{dispute_id}/request_evidence", subject: "dispute_id", fields: ["of", "due_at"], alone: true },
  decide: { path: "/v1/disputes/{dispute_id}/decide", subject: "dispute_id", fields: ["winner", "verdict_remedy", "amount", "codes"], ends: true, alone: true },
  appeal: { path: "/v1/disputes/{dispute_id}/appeal", subject: "dispute_id", fields: ["new_information"] },
  prepare_return: { path: "/v1/disputes/{dispute_id}/prepare_return", subject: "dispute_id", fields: ["address_text", "label"] },
  send_return: { path: "/v1/disputes/{dispute_id}/send_return", subject: "dispute_id", fields: ["tracking"] },
  receive_return: { path: "/v1/disputes/{dispute_id}/receive_return", subject: "dispute_id", fields: ["condition"], ends: true },
  contest_return: { path: "/v1/disputes/{dispute_id}/contest_return", subject: "dispute_id", fields: ["worse_condition"] },
};

// What most often is meant: the currency at hand, three days ahead.
// As an input for an instant has it: in the reader's zone.
const localMinute = (at: Date) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
export const beginning = (command: Command, currency: string): Answers => ({
  ...(command.fields.includes("currency") && { currency }),
  ...(command.fields.includes("due_at") && { due_at: localMinute(new Date(inDays(3))) }),
});

export const settleInstruction: Command = { path: "/v1/instructions/{instruction_id}/settle", subject: "instruction_id", fields: ["state"], ends: true, alone: true };

const ofParty = { subject: "party_id", alone: true } as const;
export const partyCommands: Record<PartyRequest, Command> = {
  hold_payouts: { ...ofParty, path: "/v1/parties/{party_id}/holds", fields: ["hold"] },
  lift_hold: { ...ofParty, path: "/v1/parties/{party_id}/lift_hold", fields: ["hold"] },
  batch_payout: { ...ofParty, path: "/v1/parties/{party_id}/payouts", fields: [], ends: true },
  settle_payout: { ...ofParty, path: "/v1/parties/{party_id}/payouts/{payout_id}/settle", fields: ["state"], ends: true },
  set_reserve: { ...ofParty, path: "/v1/parties/{party_id}/set_reserve", fields: ["percent", "reserve_days"] },
  set_deposit_cover: { ...ofParty, path: "/v1/parties/{party_id}/set_deposit_cover", fields: ["covers_debt"] },
  set_payout_account: { ...ofParty, path: "/v1/parties/{party_id}/set_payout_account", fields: ["account"] },
  record_deposit: { ...ofParty, path: "/v1/parties/{party_id}/deposits", fields: ["currency", "amount", "paid_reference"], ends: true },
  return_deposit: { ...ofParty, path: "/v1/parties/{party_id}/return_deposit", fields: ["amount"], ends: true },
  fine_party: { ...ofParty, path: "/v1/parties/{party_id}/fines", fields: ["currency", "amount", "clause", "fine"], ends: true },
  record_debt_payment: { ...ofParty, path: "/v1/parties/{party_id}/debt_payments", fields: ["amount", "paid_reference"], ends: true },
  write_off_debt: { ...ofParty, path: "/v1/parties/{party_id}/write_off_debt", fields: ["amount", "bearer"], ends: true },
};

// How a field is asked for: one of `choices` (words of the list `words`), a number, an instant, or text of at most `most`.
export interface Field {
  label: TextKey;
  words?: string;
  choices?: readonly string[];
  from?: number;
  to?: number;
  step?: number;
  isMoment?: boolean;
  most?: number;
  isLong?: boolean;
  pattern?: string;
  optional?: boolean;
  // In the request's body, where it differs from the field.
  member?: string;
  value?: (text: string) => unknown;
}

const isYes = (text: string) => text === "yes";
const remedies: Schemas["Remedy"][] = ["full_refund", "partial_refund_keep", "return_for_full_refund", "replacement"];
// A verdict may also grant what no right names, or nothing. Left out is cancel_whole_return_delivered: carried out, it waits for no return.
const nothing = "nothing";
const verdictRemedies = [nothing, ...remedies, "refund_with_replacement", "cancel_undelivered_part", "credit", "coupon"] satisfies (Schemas["Remedy"] | typeof nothing)[];
const conditions: Schemas["Condition"][] = ["as_sent_out", "opened", "used", "damaged", "incomplete", "other_item", "empty_parcel"];
const holds: Schemas["HoldReason"][] = ["new_seller", "dispute_rate", "identity_unverified", "legal_order", "negative_balance", "operator_decision"];
export const verdictCodes: Schemas["VerdictCode"][] = [
  "tracking_shows_delivery", "no_proof_of_delivery", "delivered_late", "delivered_elsewhere", "item_differs", "item_damaged", "parts_missing",
  "counterfeit_shown", "as_described", "no_evidence_from_buyer", "no_evidence_from_seller", "return_not_as_sent_out", "settled_by_terms", "new_information",
];

// Of a Word in api/openapi.yaml, whose bytes are counted; so much fits into the field.
const wordMost = 39;

export const fields: Record<Exclude<FieldName, "amount" | "codes">, Field> = {
  remedy: { label: "field.remedy", words: "remedy", choices: remedies },
  verdict_remedy: { label: "field.remedy", words: "remedy", choices: verdictRemedies },
  wanted: { label: "field.wanted", words: "remedy", choices: remedies },
  winner: { label: "field.winner", words: "winner", choices: ["buyer", "seller", "either"] },
  days: { label: "field.days", from: 1, to: 3650, value: Number },
  of: { label: "field.of", words: "side", choices: ["buyer", "seller"] },
  due_at: { label: "field.due_at", isMoment: true, value: (text) => new Date(text).toISOString() },
  condition: { label: "field.condition", words: "condition", choices: conditions },
  worse_condition: { label: "field.condition", words: "condition", choices: conditions.slice(1), member: "condition" },
  choice: { label: "field.choice", words: "arrival", choices: ["pay", "send_back", "keep"] },
  sku: { label: "field.sku", most: wordMost },
  system: { label: "field.system", most: wordMost },
  reference: { label: "field.reference", most: wordMost },
  tracking: { label: "field.tracking", most: wordMost },
  address_text: { label: "field.address", most: 1000, isLong: true },
  label: { label: "field.label", most: wordMost, optional: true },
  new_information: { label: "field.new_information", words: "yes_no", choices: ["yes", "no"], member: "has_new_information", value: isYes },
  hold: { label: "field.hold", words: "hold", choices: holds, member: "reason" },
  currency: { label: "field.currency", most: 3, pattern: "[A-Z]{3}" },
  percent: { label: "field.percent", from: 0, to: 100, step: 0.01, member: "basis_points", value: (text) => Math.round(Number(text) * 100) },
  reserve_days: { label: "field.reserve_days", from: 0, to: 3650, member: "days", value: Number },
  covers_debt: { label: "field.covers_debt", words: "yes_no", choices: ["yes", "no"], value: isYes },
  account: { label: "field.account", most: 255 },
  paid_reference: { label: "field.paid_reference", most: wordMost, member: "reference" },
  clause: { label: "field.clause", most: wordMost },
  fine: { label: "field.fine", words: "fine", choices: ["cancelled_by_seller", "shipped_late", "false_tracking", "counterfeit", "payment_elsewhere", "other"], member: "reason" },
  bearer: { label: "field.bearer", pattern: "pty_[0-9a-z]{26}", member: "by" },
  state: { label: "field.state", words: "instruction", choices: ["succeeded", "failed"] },
};

// A remedy that returns all of the money, or none, needs no sum.
const ofPart = ["partial_refund_keep", "refund_with_replacement", "cancel_undelivered_part", "credit", "coupon"];
const hasRemedy = (command: Command) => (["remedy", "wanted", "verdict_remedy"] as const).some((field) => command.fields.includes(field));
export const asksAmount = (command: Command, answers: Answers) =>
  command.fields.includes("amount") && (!hasRemedy(command) || ofPart.includes(answers.remedy ?? answers.wanted ?? answers.verdict_remedy ?? ""));

// What a choice says of another field that was not touched: where the seller is right, nothing is owed.
export function following(name: FieldName, { winner, verdict_remedy }: Answers): Answers {
  if (name === "winner" && winner === "seller" && !verdict_remedy) return { verdict_remedy: nothing };
  if (name === "winner" && winner !== "seller" && verdict_remedy === nothing) return { verdict_remedy: "" };
  return {};
}

// The request's body. `amount` is in minor units already.
export function bodyOf(name: CommandName, command: Command, answers: Answers, as: Schemas["Actor"], currency: string): object {
  const unit = answers.currency || currency;
  const amount = answers.amount && asksAmount(command, answers) ? { amount: { amount: Number(answers.amount), currency: unit } } : {};
  const remedy = answers.verdict_remedy === nothing ? "" : answers.verdict_remedy || answers.remedy;
  const settlement = { ...(remedy && { remedy }), ...amount };
  const by = command.alone ? {} : { as };
  if (name === "decide") return { verdict: { settlement, winner: answers.winner, codes: answers.codes?.split(",").filter(Boolean) ?? [] } };
  if (name === "make_offer") return { ...by, plan: { then: settlement } };
  if (name === "batch_payout") return { currency };
  const members = command.fields.flatMap((field) => {
    const text = answers[field];
    if (field === "amount" || field === "codes" || field === "currency" || !text) return [];
    const { member = field, value } = fields[field];
    return [[member, value ? value(text) : text] as const];
  });
  return { ...by, ...Object.fromEntries(members), ...amount };
}
