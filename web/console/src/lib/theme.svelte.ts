// Light or dark: as the reader's system has it, unless they chose.

export type Choice = "system" | "light" | "dark";
const place = "holdfast.theme";

function kept(): Choice {
  const found = localStorage.getItem(place);
  return found === "light" || found === "dark" ? found : "system";
}

class Theme {
  choice = $state<Choice>(kept());

  constructor() {
    this.#apply();
  }
  choose(choice: Choice) {
    this.choice = choice;
    if (choice === "system") localStorage.removeItem(place);
    else localStorage.setItem(place, choice);
    this.#apply();
  }
  #apply() {
    if (this.choice === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = this.choice;
  }
}

export const theme = new Theme();
