// What a page shows, and how it stands: being fetched, there, or failed. What was there stays on the screen while it
// is fetched again.

import { onDestroy, tick } from "svelte";

import { isExpired } from "./client.ts";
import { live } from "./live.svelte.ts";
import { session } from "./session.svelte.ts";

export class Loaded<T> {
  value = $state.raw<T>();
  error = $state.raw<unknown>();
  busy = $state(false);
  #number = 0;
  readonly #fetch: () => Promise<T>;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  // The answer to a later request wins, whenever the earlier one comes.
  load = async () => {
    const number = ++this.#number;
    this.busy = true;
    try {
      const value = await this.#fetch();
      if (number !== this.#number) return;
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (number !== this.#number) return;
      // What was there stays; whoever it was signs in again, and it is fetched anew.
      if (isExpired(error) && session.noteExpired()) return;
      this.error = error;
    } finally {
      if (number === this.#number) this.busy = false;
    }
  };
}

const gatherMs = 3_000;

// Fetches at once, again whenever what `fetch` reads at first changes or somebody signs in anew, and when something happens to what `about`
// says: an id, or "*" for anything, which is looked at every few seconds at most. At once is a moment later: until the code of the
// next page is at hand, the one before is made once more with the other's id, and thrown away.
export function loaded<T>(fetch: () => Promise<T>, about: () => string | undefined = () => undefined): Loaded<T> {
  const state = new Loaded(fetch);
  let isHere = $state(false);
  void tick().then(() => (isHere = true));
  let timer: ReturnType<typeof setTimeout> | undefined;
  $effect(() => {
    void session.begun;
    if (isHere) void state.load();
  });
  const unfollow = live.follow((subject) => {
    const own = about();
    if (own === undefined || (own !== "*" && own !== subject && subject !== "*")) return;
    if (own !== "*" || subject === "*") return void state.load();
    timer ??= setTimeout(() => {
      timer = undefined;
      void state.load();
    }, gatherMs);
  });
  onDestroy(() => {
    unfollow();
    clearTimeout(timer);
  });
  return state;
}
