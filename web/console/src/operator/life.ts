// Where the clauses of terms lie in an order's life: in which step they begin and end. What a clause hangs on, the server
// says; here is only which step each moment belongs to.

import type { Schemas } from "../lib/client.ts";

export type Clause = Schemas["Terms"]["clauses"][number];

const lanes = {
  order: { placed: ["placed"], paid: ["paid", "processed"], shipped: ["ship_by", "shipped"], promised: ["promised_by", "extended"], delivered: ["scanned", "delivered", "notified(delivery)", "notified(installation)", "installed"], completed: ["completed", "released"] },
  dispute: { opened: ["contacted", "dispute.opened", "dispute.modified"], answered: ["dispute.answered", "offer"], escalated: ["escalated", "asked"], decided: ["decided"], appealed: ["appealed", "appeal_decided"], returned: ["return", "notified(return)"], replaced: ["replacement"], closed: ["dispute.closed", "dispute.withdrawn", "refunded"] },
} as const;
export type Lane = keyof typeof lanes;
export const laneNames = Object.keys(lanes) as Lane[];

export interface Bar {
  clause: Clause;
  from: number; // halves of steps: 2 n is the step itself, 2 n + 1 what comes after it
  until: number;
}
export interface LanePicture {
  steps: string[];
  bars: Bar[];
}

const stepOf = (lane: Lane, moment: string) =>
  Object.values<readonly string[]>(lanes[lane]).findIndex((heads) => heads.some((head) => moment === head || moment.startsWith(`${head}(`) || moment.startsWith(`${head}.`)));

// The last of the steps that these moments belong to, and whether time passes after it; nothing: they belong to none.
function placeOf(lane: Lane, moments: string[] = [], text = ""): number | undefined {
  const last = Math.max(-1, ...moments.map((moment) => stepOf(lane, moment)));
  return last < 0 ? undefined : 2 * last + (text.includes(" + ") ? 1 : 0);
}

// Clauses that are a right or a default, each in the lane that it hangs on; one that hangs on none is left out.
export function pictureOf(lane: Lane, clauses: Clause[]): LanePicture {
  const ends = 2 * Object.keys(lanes[lane]).length - 1;
  const bars = clauses.flatMap((clause): Bar[] => {
    const on = clause.hangs_on;
    const isOfDispute = [...(on?.opens ?? []), ...(on?.at ?? [])].some((moment) => stepOf("dispute", moment) >= 0);
    if (!on || isOfDispute !== (lane === "dispute")) return [];
    if (clause.kind === "default") {
      const at = placeOf(lane, on.at, clause.at);
      return at === undefined ? [] : [{ clause, from: at, until: at }];
    }
    if (clause.kind !== "right") return [];
    const from = placeOf(lane, on.opens, clause.opens) ?? 0;
    return [{ clause, from, until: Math.max(from, placeOf(lane, on.closes, clause.closes) ?? ends) }];
  });
  return { steps: Object.keys(lanes[lane]), bars: bars.toSorted((a, b) => a.from - b.from || a.until - b.until) };
}
