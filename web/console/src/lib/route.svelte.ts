// Where the reader is: the part of the address behind "#". The server never sees it, so a link's token in it
// stands in no log.

class Route {
  path = $state("");
  query = $state(new URLSearchParams());

  constructor() {
    this.#read();
    addEventListener("hashchange", () => this.#read());
  }

  #read() {
    const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
    this.path = decodeURI(path);
    this.query = new URLSearchParams(query);
  }

  // "disputes/:id" of "disputes/dsp_1": what stands for the names; nothing: it is another page.
  match(pattern: string): Record<string, string> | undefined {
    const wanted = pattern.split("/");
    const parts = this.path.split("/");
    if (wanted.length !== parts.length) return undefined;
    const found: Record<string, string> = {};
    for (const [i, part] of wanted.entries()) {
      if (part.startsWith(":")) found[part.slice(1)] = parts[i] ?? "";
      else if (part !== parts[i]) return undefined;
    }
    return found;
  }

  go(path: string) {
    location.hash = `#/${path}`;
  }

  // Changes the query without a step in the history.
  setQuery(changes: Record<string, string | undefined>) {
    const query = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(changes))
      if (value === undefined || value === "") query.delete(name);
      else query.set(name, value);
    const text = query.toString();
    history.replaceState(null, "", `#/${this.path}${text ? `?${text}` : ""}`);
    this.query = query;
  }
}

export const route = new Route();
