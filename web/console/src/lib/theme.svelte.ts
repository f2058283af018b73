// Light or dark: as the reader's system has it, unless they chose.

import { keep, kept } from "./kept.ts";

export type Choice = "system" | "light" | "dark";

function chosen(): Choice {
  const found = kept("theme");
  return found === "light" || found === "dark" ? found : "system";
}

class Theme {
  choice = $state<Choice>(chosen());

  constructor() {
    this.#apply();
  }
  choose(choice: Choice) {
    this.choice = choice;
    keep("theme", choice === "system" ? undefined : choice);
    this.#apply();
  }
  #apply() {
    if (this.choice === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = this.choice;
  }
}

export const theme = new Theme();
