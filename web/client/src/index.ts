// A client of Holdfast's HTTP interface: typed by the contract, and sending again what may be sent
// again. It needs nothing but fetch.
//
//   const holdfast = new Holdfast({ url: "http://127.0.0.1:8080", key });
//   const receipt = await holdfast.post("/v1/orders", { body: { … }, key: "place-A-1001" });
//   for await (const order of holdfast.list("/v1/orders")) …
//   for await (const event of holdfast.events({ types: ["dispute.*"] })) …

import { EventStreamReader, type StreamPart } from "./event_stream.ts";
import type {
  Answer, Arguments, Extras, Item, Method, PathWith, PathWithPages, PathWithPreview, Preview, Schemas,
} from "./types.ts";

export type { Answer, Item, Options, PathWith, PathWithPages, PathWithPreview, Preview, Schemas } from "./types.ts";

export interface ClientOptions {
  url: string;
  // A secret key, sk_live_… or sk_test_…
  key: string;
  // How often one request is sent at most; 5, if left out.
  tries?: number;
  // How long one try may take; 35 seconds, if left out: a little longer than the server takes.
  timeoutMs?: number;
  fetch?: typeof fetch;
  wait?: (ms: number) => Promise<void>;
}

export interface EventsOptions {
  // "dispute.opened", or "dispute.*"; all, if left out.
  types?: string[];
  // Begin behind this event; with what happens from now on, if left out.
  after?: string;
  signal?: AbortSignal;
}

// What the server refused. `code` is for programs, `type` leads to a page that says what to do.
export class HoldfastProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Partial<Schemas["Problem"]>;

  constructor(status: number, problem: Partial<Schemas["Problem"]>) {
    super(`${status} ${problem.code ?? "without a code"}: ${problem.detail ?? "no more is known"}`);
    this.name = "HoldfastProblem";
    this.status = status;
    this.code = problem.code ?? "";
    this.problem = problem;
  }
}

// What any operation may be asked with, whatever its types.
interface Loose extends Extras {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

interface Whole {
  status: number;
  text: string;
}

const silenceMs = 45_000; // a comment comes every 15 seconds
const waitMostMs = 30_000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

// Sent again, it does no more than tell what became of it. A PATCH or DELETE would meet itself.
const mayRepeat = (method: Method) => method === "get" || method === "post" || method === "put";
const isWorthAgain = (status: number, method: Method) => status === 429 || (status >= 500 && mayRepeat(method));

export class Holdfast {
  readonly #options: Required<ClientOptions>;

  constructor(options: ClientOptions) {
    this.#options = {
      tries: 5,
      timeoutMs: 35_000,
      fetch: globalThis.fetch,
      wait: pause,
      ...options,
      url: options.url.replace(/\/+$/, ""),
    };
  }

  get<P extends PathWith<"get">>(path: P, ...[options]: Arguments<P, "get">): Promise<Answer<P, "get">> {
    return this.#ask("get", path, options);
  }
  // Under an idempotency key that stays the same however often it is sent.
  post<P extends PathWith<"post">>(path: P, ...[options]: Arguments<P, "post">): Promise<Answer<P, "post">> {
    return this.#ask("post", path, options);
  }
  put<P extends PathWith<"put">>(path: P, ...[options]: Arguments<P, "put">): Promise<Answer<P, "put">> {
    return this.#ask("put", path, options);
  }
  patch<P extends PathWith<"patch">>(path: P, ...[options]: Arguments<P, "patch">): Promise<Answer<P, "patch">> {
    return this.#ask("patch", path, options);
  }
  delete<P extends PathWith<"delete">>(path: P, ...[options]: Arguments<P, "delete">): Promise<Answer<P, "delete">> {
    return this.#ask("delete", path, options);
  }
  // What the command would do; nothing is changed.
  preview<P extends PathWithPreview>(path: P, ...[options]: Arguments<P, "post">): Promise<Preview> {
    const loose: Loose = options ?? {};
    return this.#ask("post", path, { ...loose, query: { ...loose.query, preview: true } });
  }

  // All that is listed, page by page.
  async *list<P extends PathWithPages>(path: P, ...[options]: Arguments<P, "get">): AsyncGenerator<Item<P>, void, undefined> {
    const loose: Loose = options ?? {};
    let cursor: unknown = loose.query?.["cursor"];
    while (true) {
      const query = cursor === undefined ? loose.query : { ...loose.query, after: undefined, cursor };
      const page: { data: Item<P>[]; has_more: boolean; next_cursor?: string } =
        await this.#ask("get", path, { ...loose, ...(query && { query }) });
      yield* page.data;
      if (!page.has_more) return;
      cursor = page.next_cursor;
    }
  }

  // Events as they happen, until the signal says otherwise. A stream that breaks is taken up again
  // where it was: none is lost, and none comes twice.
  async *events(options: EventsOptions = {}): AsyncGenerator<Schemas["Event"], void, undefined> {
    let last = options.after ?? "";
    let isAgain = false;
    let tries = 0;
    while (!options.signal?.aborted) {
      try {
        for await (const part of this.#stream(options, last)) {
          tries = 0;
          if (!part.event && isAgain && last === "" && part.lastId !== "") {
            // The stream that broke had begun before anything had happened: all of it was missed.
            for await (const event of this.list("/v1/events", { query: typesOf(options) })) {
              yield event;
              last = event.id;
            }
            last ||= part.lastId;
            break;
          }
          last = part.lastId;
          if (part.event) yield JSON.parse(part.event.data);
        }
      } catch (error) {
        if (options.signal?.aborted) return;
        if (error instanceof HoldfastProblem && !isWorthAgain(error.status, "get")) throw error;
      }
      isAgain = true;
      if (!options.signal?.aborted) await this.#options.wait(backoff(tries++));
    }
  }

  async *#stream(options: EventsOptions, last: string): AsyncGenerator<StreamPart, void, undefined> {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), silenceMs);
    const signals = [silence.signal, ...(options.signal ? [options.signal] : [])];
    try {
      const response = await this.#options.fetch(this.#address("/v1/events/stream", { query: typesOf(options) }), {
        headers: { ...this.#authorization(), Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) },
        signal: AbortSignal.any(signals),
        redirect: "error",
      });
      if (!response.ok || !response.body) throw problemOf(response.status, await response.text());
      const reader = new EventStreamReader();
      const decoder = new TextDecoder();
      for await (const bytes of response.body) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), silenceMs);
        yield* reader.take(decoder.decode(bytes, { stream: true }));
      }
    } finally {
      clearTimeout(timer);
      silence.abort(); // whoever leaves the loop leaves the connection
    }
  }

  async #ask<T>(method: Method, path: string, options: Loose = {}): Promise<T> {
    const headers: Record<string, string> = { ...this.#authorization(), Accept: "application/json" };
    if (method === "post") headers["Idempotency-Key"] = options.key ?? crypto.randomUUID();
    if (options.ifMatch !== undefined) headers["If-Match"] = etagOf(options.ifMatch);
    const request: RequestInit = { method: method.toUpperCase(), headers, redirect: "error" };
    if (options.body !== undefined || method === "post") {
      headers["Content-Type"] = "application/json";
      request.body = JSON.stringify(options.body ?? {});
    }
    const { status, text } = await this.#send(method, this.#address(path, options), request, options.signal);
    if (status >= 300) throw problemOf(status, text);
    return (status === 204 ? undefined : JSON.parse(text)) as T;
  }

  async #send(method: Method, address: string, request: RequestInit, signal?: AbortSignal): Promise<Whole> {
    for (let tries = 1; ; ++tries) {
      const isLast = tries >= this.#options.tries;
      const timeout = AbortSignal.timeout(this.#options.timeoutMs);
      try {
        const response = await this.#options.fetch(address, {
          ...request,
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        });
        const whole = { status: response.status, text: await response.text() }; // it may break off
        if (isLast || !isWorthAgain(response.status, method)) return whole;
        await this.#options.wait(retryAfterMs(response) ?? backoff(tries));
      } catch (error) {
        if (isLast || signal?.aborted || !mayRepeat(method)) throw error;
        await this.#options.wait(backoff(tries));
      }
    }
  }

  #authorization(): Record<string, string> {
    return { Authorization: `Bearer ${this.#options.key}` };
  }

  #address(path: string, options: Loose): string {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(options.path?.[name])));
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(options.query ?? {}))
      if (value !== undefined) query.set(name, String(value)); // of a list: "a,b"
    return this.#options.url + filled + (query.size > 0 ? `?${query}` : "");
  }
}

function typesOf(options: EventsOptions): { types?: string[] } {
  return options.types?.length ? { types: options.types } : {};
}

function etagOf(version: number | string): string {
  return typeof version === "number" ? `"${version}"` : version;
}

function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get("Retry-After") ?? NaN);
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, waitMostMs) : undefined;
}

// Half a second, and twice as long each time; a part of it by chance, so that not all come at once.
function backoff(tries: number): number {
  return Math.min(500 * 2 ** tries, waitMostMs) * (0.75 + Math.random() / 4);
}

function problemOf(status: number, text: string): HoldfastProblem {
  try {
    return new HoldfastProblem(status, JSON.parse(text));
  } catch {
    return new HoldfastProblem(status, {}); // not from Holdfast: a proxy's page
  }
}
