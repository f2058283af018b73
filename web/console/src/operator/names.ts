// By what name somebody is known here: asked for once. Nothing: there is none, or it is not for the reader to see.

import { HoldfastProblem, server } from "../lib/client.ts";
import { session } from "../lib/session.svelte.ts";

const kept = new Map<string, Promise<string | undefined>>();

function once(id: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
  let found = kept.get(id);
  if (!found) {
    found = ask().catch((error: unknown) => {
      if (!(error instanceof HoldfastProblem && error.status === 404)) kept.delete(id);
      return undefined;
    });
    kept.set(id, found);
  }
  return found;
}

export const partyName = (id: string) => once(id, async () => (await server.get("/v1/parties/{party_id}", { path: { party_id: id } })).reference);

// Who uses the console, only an administrator may ask.
export async function userName(id: string): Promise<string | undefined> {
  if (id === session.user?.id) return session.user.name;
  if (!session.has("admin")) return undefined;
  return once(id, async () => (await server.get("/v1/users/{user_id}", { path: { user_id: id } })).name);
}

// Enough of an id to tell it from others.
export const tail = (id: string) => `…${id.slice(-8)}`;
