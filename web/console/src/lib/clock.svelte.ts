// The time by which countdowns run: the server's, and for an order of the sandbox that of its test clock, which
// stands still.

class Clock {
  now = $state(Date.now());

  constructor() {
    setInterval(() => (this.now = Date.now()), 15_000);
  }
}

export const clock = new Clock();
export const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

// `shows`: what a test clock shows; none: the real time.
export const nowOf = (shows: string | undefined) => (shows ? Date.parse(shows) : clock.now);
