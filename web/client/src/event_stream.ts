// Server-sent events as they come in: pieces of text in, whole events out.

export interface StreamPart {
  // What to come back with. It may have been named without an event.
  lastId: string;
  event?: { type: string; data: string };
}

export class EventStreamReader {
  #rest = "";
  #lastId = "";
  #type = "";
  #data: string[] = [];

  *take(piece: string): Generator<StreamPart> {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const part = this.#takeLine(line.endsWith("\r") ? line.slice(0, -1) : line);
      if (part) yield part;
    }
  }

  #takeLine(line: string): StreamPart | undefined {
    if (line === "") return this.#end();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") this.#lastId = value;
    if (name === "event") this.#type = value;
    if (name === "data") this.#data.push(value);
    return undefined;
  }

  #end(): StreamPart {
    const part: StreamPart = { lastId: this.#lastId };
    if (this.#data.length > 0) part.event = { type: this.#type, data: this.#data.join("\n") };
    this.#type = "";
    this.#data = [];
    return part;
  }
}
