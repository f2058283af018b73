// What happens while a page is open. Whoever may follow the feed of events does; for the others, and while the stream is
// broken, pages are fetched again every half minute while somebody looks at them.

import { server } from "./client.ts";

type Follower = (subject: string) => unknown;
export type Line = "off" | "following" | "asking" | "lost";

const askEveryMs = 30_000;
const gatherMs = 400;

class Live {
  line = $state<Line>("off");
  readonly #followers = new Set<Follower>();
  #end: AbortController | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #waiting = new Set<string>();

  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  begin(mayFollowFeed: boolean) {
    this.end();
    addEventListener("online", this.#refresh);
    addEventListener("offline", this.#lose);
    this.#timer = setInterval(() => {
      if (document.visibilityState === "visible" && this.line !== "following") this.#tellAll();
    }, askEveryMs);
    this.line = "asking";
    if (mayFollowFeed) void this.#followFeed((this.#end = new AbortController()));
  }

  end() {
    this.#end?.abort();
    clearInterval(this.#timer);
    removeEventListener("online", this.#refresh);
    removeEventListener("offline", this.#lose);
    this.line = "off";
  }

  // What a page has done itself is shown at once.
  tell(subject: string) {
    for (const follower of this.#followers) follower(subject);
  }

  readonly #lose = () => (this.line = "lost");
  readonly #refresh = () => {
    this.line = this.#end ? "following" : "asking";
    this.#tellAll();
  };

  async #followFeed(end: AbortController) {
    this.line = "following";
    try {
      for await (const event of server.events({ signal: end.signal })) this.#gather(event.data.order_id ?? event.data.party_id ?? "");
    } catch {
      if (!end.signal.aborted) this.line = "asking";
    }
  }

  // Many events at once are one reason to look.
  #gather(subject: string) {
    if (this.#waiting.size === 0) setTimeout(() => this.#flush(), gatherMs);
    this.#waiting.add(subject);
  }
  #flush() {
    const subjects = [...this.#waiting];
    this.#waiting.clear();
    for (const subject of subjects) this.tell(subject);
  }
  #tellAll() {
    for (const follower of this.#followers) follower("*");
  }
}

export const live = new Live();
