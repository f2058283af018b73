// What people can ask for about an order, a dispute or an offer: where it is sent and what it needs to know.
// Whether it is allowed, until when and why, the server says (`actions`); nothing of that is repeated here.

import type { PathWithPreview, Schemas } from "../../../client/src/types.ts";

export type RequestName = Schemas["RequestName"];
export type FieldName =
  | "reason" | "wanted" | "remedy" | "amount" | "days" | "condition" | "worse_condition" | "text" | "to" | "address_text" | "label"
  | "tracking" | "sku" | "system" | "reference" | "choice" | "winner" | "codes" | "of" | "due_at" | "new_information" | "file";
export type Subject = "order_id" | "dispute_id" | "offer_id" | "shipment_id" | "instruction_id" | "chargeback_id";
export type Answers = Partial<Record<FieldName, string>> & { codes?: string };

export interface Command {
  path: PathWithPreview;
  subject: Subject;
  fields: FieldName[];
  // What it ends cannot be had again: it is asked once more.
  ends?: boolean;
  // The platform gives it by itself; the others say for whom.
  alone?: boolean;
}

export const commands: Partial<Record<RequestName, Command>> = {
  cancel: { path: "/v1/orders/{order_id}/cancel", subject: "order_id", fields: [], ends: true },
  decline_cancel: { path: "/v1/orders/{order_id}/decline_cancel", subject: "order_id", fields: [] },
  request_extension: { path: "/v1/orders/{order_id}/request_extension", subject: "order_id", fields: ["days"] },
  extend: { path: "/v1/orders/{order_id}/extend", subject: "order_id", fields: ["days"], ends: true },
  confirm_receipt: { path: "/v1/orders/{order_id}/confirm_receipt", subject: "order_id", fields: [], ends: true },
  compensate: { path: "/v1/orders/{order_id}/compensations", subject: "order_id", fields: ["amount"], ends: true },
  refund: { path: "/v1/orders/{order_id}/refunds", subject: "order_id", fields: ["amount"], ends: true },
  promise_gift: { path: "/v1/orders/{order_id}/gifts", subject: "order_id", fields: ["sku"] },
  repeat_instruction: { path: "/v1/instructions/{instruction_id}/repeat", subject: "instruction_id", fields: [], alone: true },
  settle_arrival: { path: "/v1/shipments/{shipment_id}/settle_arrival", subject: "shipment_id", fields: ["choice"], ends: true },
  link_upstream: { path: "/v1/disputes/{dispute_id}/link_upstream", subject: "dispute_id", fields: ["system", "reference"] },
  send_message: { path: "/v1/orders/{order_id}/messages", subject: "order_id", fields: ["text"] },
  modify_dispute: { path: "/v1/disputes/{dispute_id}/modify", subject: "dispute_id", fields: ["wanted", "amount"] },
  withdraw_dispute: { path: "/v1/disputes/{dispute_id}/withdraw", subject: "dispute_id", fields: [], ends: true },
  respond: { path: "/v1/disputes/{dispute_id}/respond", subject: "dispute_id", fields: [] },
  make_offer: { path: "/v1/disputes/{dispute_id}/offers", subject: "dispute_id", fields: ["remedy", "amount"] },
  accept_offer: { path: "/v1/offers/{offer_id}/accept", subject: "offer_id", fields: [], ends: true },
  decline_offer: { path: "/v1/offers/{offer_id}/decline", subject: "offer_id", fields: [] },
  escalate: { path: "/v1/disputes/{dispute_id}/escalate", subject: "dispute_id", fields: [] },
  request_evidence: { path: "/v1/disputes/{dispute_id}/request_evidence", subject: "dispute_id", fields: ["of", "due_at"], alone: true },
  decide: { path: "/v1/disputes/{dispute_id}/decide", subject: "dispute_id", fields: ["remedy", "amount", "winner", "codes"], ends: true, alone: true },
  appeal: { path: "/v1/disputes/{dispute_id}/appeal", subject: "dispute_id", fields: ["new_information"] },
  prepare_return: { path: "/v1/disputes/{dispute_id}/prepare_return", subject: "dispute_id", fields: ["address_text", "label"] },
  send_return: { path: "/v1/disputes/{dispute_id}/send_return", subject: "dispute_id", fields: ["tracking"] },
  receive_return: { path: "/v1/disputes/{dispute_id}/receive_return", subject: "dispute_id", fields: ["condition"], ends: true },
  contest_return: { path: "/v1/disputes/{dispute_id}/contest_return", subject: "dispute_id", fields: ["worse_condition"] },
};

export const remedies: Schemas["Remedy"][] = ["full_refund", "partial_refund_keep", "return_for_full_refund", "replacement"];
export const conditions: Schemas["Condition"][] = ["as_sent_out", "opened", "used", "damaged", "incomplete", "other_item", "empty_parcel"];
export const verdictCodes: Schemas["VerdictCode"][] = [
  "tracking_shows_delivery", "no_proof_of_delivery", "delivered_late", "delivered_elsewhere", "item_differs", "item_damaged", "parts_missing",
  "counterfeit_shown", "as_described", "no_evidence_from_buyer", "no_evidence_from_seller", "return_not_as_sent_out", "settled_by_terms", "new_information",
];

// A remedy that returns all of the money needs no sum.
const isWhole = (remedy: string | undefined) => remedy !== "partial_refund_keep";

// The request's body. `amount` is in minor units already.
export function bodyOf(name: RequestName, command: Command, answers: Answers, as: Schemas["Actor"], currency: string): object {
  const amount = answers.amount ? { amount: Number(answers.amount), currency } : undefined;
  const settlement = {
    ...(answers.remedy && { remedy: answers.remedy }),
    ...(amount && !isWhole(answers.remedy) && { amount }),
  };
  const by = command.alone ? {} : { as };
  if (name === "decide")
    return { verdict: { settlement, winner: answers.winner, codes: answers.codes?.split(",").filter(Boolean) ?? [] } };
  if (name === "make_offer") return { ...by, plan: { then: settlement } };
  if (name === "refund" || name === "compensate") return { ...by, ...(amount && { amount }) };
  return {
    ...by,
    ...(answers.days && { days: Number(answers.days) }),
    ...(answers.wanted && { wanted: answers.wanted }),
    ...(amount && !isWhole(answers.wanted) && { amount }),
    ...(answers.text && { text: answers.text }),
    ...(answers.to && { to: answers.to }),
    ...(answers.address_text && { address_text: answers.address_text }),
    ...(answers.label && { label: answers.label }),
    ...(answers.tracking && { tracking: answers.tracking }),
    ...(answers.sku && { sku: answers.sku }),
    ...(answers.system && { system: answers.system }),
    ...(answers.reference && { reference: answers.reference }),
    ...(answers.choice && { choice: answers.choice }),
    ...(answers.condition && { condition: answers.condition }),
    ...(answers.worse_condition && { condition: answers.worse_condition }),
    ...(answers.of && { of: answers.of }),
    ...(answers.due_at && { due_at: new Date(answers.due_at).toISOString() }),
    ...(answers.new_information && { has_new_information: answers.new_information === "yes" }),
  };
}
