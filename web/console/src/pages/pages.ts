// All pages behind the sign-in: where they are, who they are for, and the code of each, fetched when it is first opened.

import type { Component } from "svelte";

import { route } from "../lib/route.svelte.ts";
import type { SessionState } from "../lib/session.svelte.ts";
import type { TextKey } from "../lib/texts.ts";

// Whatever it is given; a page of one thing is given its id.
type Loads = () => Promise<{ default: Component<never> }>;
export interface Page {
  path: string; // ":id" stands for what is shown
  load: Loads;
  for: (session: SessionState) => boolean;
  nav?: TextKey; // its name in the navigation; none: it is led to from others
  group: "operator" | "desk" | "settings" | "own";
}

const operates = (who: SessionState) => who.operates;
const runs = (who: SessionState) => who.has("admin", "operator");
const administers = (who: SessionState) => who.has("admin");
const worksDesk = (who: SessionState) => who.worksDesk;
const leadsDesk = (who: SessionState) => who.has("admin", "operator", "lead");
const anybody = () => true;

export const pages: Page[] = [
  { path: "overview", load: () => import("../operator/Overview.svelte"), for: operates, nav: "nav.overview", group: "operator" },
  { path: "disputes", load: () => import("../operator/Disputes.svelte"), for: operates, nav: "nav.disputes", group: "operator" },
  { path: "disputes/:id", load: () => import("../operator/Dispute.svelte"), for: operates, group: "operator" },
  { path: "orders", load: () => import("../operator/Orders.svelte"), for: operates, nav: "nav.orders", group: "operator" },
  { path: "orders/:id", load: () => import("../operator/Order.svelte"), for: operates, group: "operator" },
  { path: "parties/:id", load: () => import("../operator/Party.svelte"), for: operates, group: "operator" },
  { path: "outgoing", load: () => import("../operator/Outgoing.svelte"), for: runs, nav: "nav.outgoing", group: "operator" },
  { path: "approvals", load: () => import("../operator/Approvals.svelte"), for: operates, nav: "nav.approvals", group: "operator" },
  { path: "events", load: () => import("../operator/Events.svelte"), for: runs, nav: "nav.events", group: "operator" },
  { path: "desk", load: () => import("../desk/Morning.svelte"), for: leadsDesk, nav: "nav.morning", group: "desk" },
  { path: "desk/worklist", load: () => import("../desk/Worklist.svelte"), for: worksDesk, nav: "nav.worklist", group: "desk" },
  { path: "desk/purchases/:id", load: () => import("../desk/Purchase.svelte"), for: worksDesk, group: "desk" },
  { path: "desk/purchases/:id/claim", load: () => import("../desk/Packet.svelte"), for: worksDesk, group: "desk" },
  { path: "desk/complaint", load: () => import("../desk/Complaint.svelte"), for: worksDesk, group: "desk" },
  { path: "desk/where", load: () => import("../desk/Where.svelte"), for: worksDesk, nav: "nav.where", group: "desk" },
  { path: "desk/links", load: () => import("../desk/Links.svelte"), for: worksDesk, nav: "nav.links", group: "desk" },
  { path: "desk/import", load: () => import("../desk/Import.svelte"), for: worksDesk, nav: "nav.import", group: "desk" },
  { path: "desk/audit", load: () => import("../desk/Audit.svelte"), for: leadsDesk, nav: "nav.audit", group: "desk" },
  { path: "desk/suppliers", load: () => import("../desk/Suppliers.svelte"), for: leadsDesk, nav: "nav.suppliers", group: "desk" },
  { path: "mine", load: () => import("../portal/Mine.svelte"), for: (who) => who.isParty, nav: "nav.mine", group: "own" },
  { path: "mine/:id", load: () => import("../portal/MyOrder.svelte"), for: (who) => who.isParty, group: "own" },
  { path: "terms", load: () => import("../operator/TermsList.svelte"), for: anybody, nav: "nav.terms", group: "settings" },
  { path: "terms/:id", load: () => import("../operator/Terms.svelte"), for: anybody, group: "settings" },
  { path: "users", load: () => import("../settings/Users.svelte"), for: administers, nav: "nav.users", group: "settings" },
  { path: "keys", load: () => import("../settings/Keys.svelte"), for: administers, nav: "nav.keys", group: "settings" },
  { path: "webhooks", load: () => import("../settings/Webhooks.svelte"), for: administers, nav: "nav.webhooks", group: "settings" },
];

// The page that the address names, whoever asks.
export const pageHere = () => pages.find((page) => route.match(page.path));
