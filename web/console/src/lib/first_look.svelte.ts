// A first look around: five steps for whoever comes here first, each a page that is there anyway. A step ticks itself when
// its page is seen. It is for trying the service out, and so there in a sandbox alone.

import { keep, keptJson } from "./kept.ts";
import { route } from "./route.svelte.ts";
import type { TextKey } from "./texts.ts";

export type Face = "operator" | "desk" | "party";
export interface Step {
  text: TextKey;
  to: string; // where it leads
  seen: string; // the page that ticks it: ":id" stands for any
  tab?: string; // of that page
}

const steps: Record<Face, Step[]> = {
  operator: [
    { text: "first.operator_overview", to: "overview", seen: "overview" },
    { text: "first.operator_dispute", to: "disputes", seen: "disputes/:id" },
    { text: "first.operator_similar", to: "disputes", seen: "disputes/:id", tab: "similar" },
    { text: "first.operator_machine", to: "orders", seen: "orders/:id", tab: "machine" },
    { text: "first.operator_terms", to: "terms", seen: "terms/:id" },
  ],
  desk: [
    { text: "first.desk_worklist", to: "desk/worklist", seen: "desk/worklist" },
    { text: "first.desk_purchase", to: "desk/worklist", seen: "desk/purchases/:id" },
    { text: "first.desk_where", to: "desk/where", seen: "desk/where" },
    { text: "first.desk_import", to: "desk/import", seen: "desk/import" },
    { text: "first.desk_terms", to: "terms", seen: "terms/:id" },
  ],
  party: [
    { text: "first.party_orders", to: "mine", seen: "mine" },
    { text: "first.party_order", to: "mine", seen: "mine/:id" },
    { text: "first.party_terms", to: "terms", seen: "terms" },
    { text: "first.party_clauses", to: "terms", seen: "terms/:id" },
    { text: "first.party_back", to: "mine", seen: "mine" },
  ],
};

interface Kept {
  done: string[];
  isHidden: boolean;
}

export class FirstLook {
  readonly steps: Step[];
  #kept = $state<Kept>({ done: [], isHidden: false });
  readonly #name: string;

  constructor(face: Face) {
    this.steps = steps[face];
    this.#name = `first_look.${face}`;
    this.#kept = keptJson(this.#name, this.#kept);
  }

  get isHidden() {
    return this.#kept.isHidden;
  }
  isDone = (step: Step) => this.#kept.done.includes(step.text);
  get done() {
    return this.steps.filter(this.isDone).length;
  }
  get next() {
    return this.steps.find((step) => !this.isDone(step));
  }

  // Ticks the first step that the page on the screen is meant by, and no other: one page is one step.
  look() {
    const found = this.steps.find((step) => !this.isDone(step) && route.match(step.seen) && (!step.tab || route.query.get("tab") === step.tab));
    if (found) this.#keep({ done: [...this.#kept.done, found.text] });
  }
  hide() {
    this.#keep({ isHidden: true });
  }
  #keep(change: Partial<Kept>) {
    this.#kept = { ...this.#kept, ...change };
    keep(this.#name, JSON.stringify(this.#kept));
  }
}
