// How the words of the worklist look.

import type { Schemas } from "../lib/client.ts";

export const words: Schemas["WorkWord"][] = ["claim_now", "closing_soon", "late_claim_now", "ask_extension", "do_not_confirm", "answer_due", "return_due", "waiting", "missed", "recovered"];

export function toneOf(word: Schemas["WorkWord"]): "plain" | "accent" | "ok" | "warn" | "danger" {
  if (word === "closing_soon") return "danger";
  if (word === "claim_now" || word === "late_claim_now") return "accent";
  if (word === "recovered") return "ok";
  if (word === "waiting" || word === "missed" || word === "none") return "plain";
  return "warn";
}
