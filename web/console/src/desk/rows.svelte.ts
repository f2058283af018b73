// Rows of the worklist, page by page as far as somebody looks; of the rest it is known how many there are.

import { type Schemas, server } from "../lib/client.ts";

export type Row = Schemas["WorkRow"];
export type Filter = Partial<Record<"word" | "store" | "account" | "assignee", string>> & { snoozed?: boolean };

const ask = (filter: Filter, cursor?: string) => server.get("/v1/desk/worklist", { query: { limit: 100, ...filter, ...(cursor && { cursor }) } });
export type FirstPage = Awaited<ReturnType<typeof ask>> & { filter: Filter };
export const firstPage = async (filter: Filter): Promise<FirstPage> => ({ ...(await ask(filter)), filter });

const publishLeast = 200;

export class Rows {
  there = $state.raw<Row[]>([]);
  coming = $state(false);
  error = $state.raw<unknown>();
  #counted = $state(0);
  #next = $state<string>();
  #filter: Filter = {};
  #wanted = 0;
  #number = 0; // of the list that is being fetched

  // How many there are, with those that are not here yet.
  get count(): number {
    return this.#next === undefined ? this.there.length : Math.max(this.#counted, this.there.length);
  }

  begin(page: FirstPage) {
    ++this.#number;
    const words = page.filter.word?.split(",");
    this.#counted = Object.entries(page.counts).reduce((sum, [word, count]) => sum + ((words ? words.includes(word) : word !== "none") ? count : 0), 0);
    this.#filter = page.filter;
    this.#next = page.next_cursor;
    this.#wanted = 0;
    this.coming = false;
    this.error = undefined;
    this.there = page.data as Row[];
  }

  // A row as it is now stands where it stood.
  put(next: Row) {
    this.there = this.there.map((one) => (one.id === next.id ? next : one));
  }
  drop(ids: ReadonlySet<string>) {
    const before = this.there.length;
    this.there = this.there.filter((one) => !ids.has(one.id));
    this.#counted -= before - this.there.length;
  }

  // Fetches on until so many are here. What came is shown in steps that grow with the list, so that a long one costs no more
  // for each row than a short one.
  async need(count: number) {
    this.#wanted = Math.max(this.#wanted, count);
    if (this.coming || this.#next === undefined || this.there.length >= this.#wanted) return;
    const number = this.#number;
    this.coming = true;
    this.error = undefined;
    try {
      while (this.#next !== undefined && this.there.length < this.#wanted) {
        const enough = Math.min(this.#wanted - this.there.length, Math.max(publishLeast, this.there.length / 4));
        const fresh: Row[] = [];
        let next: string | undefined = this.#next;
        while (next !== undefined && fresh.length < enough) {
          const page: Awaited<ReturnType<typeof ask>> = await ask(this.#filter, next);
          if (number !== this.#number) return;
          fresh.push(...(page.data as Row[]));
          next = page.next_cursor;
        }
        this.there = [...this.there, ...fresh];
        this.#next = next;
      }
    } catch (problem) {
      if (number === this.#number) this.error = problem;
    } finally {
      if (number === this.#number) this.coming = false;
    }
  }
}
