// What somebody asked for: whether it is under way, and what went wrong with it.

import { isExpired } from "./client.ts";
import { session } from "./session.svelte.ts";

export class Task {
  busy = $state(false);
  error = $state.raw<unknown>();

  // Did it go well?
  run = async (work: () => Promise<unknown>): Promise<boolean> => {
    this.busy = true;
    this.error = undefined;
    try {
      await work();
      return true;
    } catch (problem) {
      if (isExpired(problem)) session.noteExpired();
      this.error = problem;
      return false;
    } finally {
      this.busy = false;
    }
  };
}
