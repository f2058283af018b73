// What the journeys share: the program serving a database of its own, users, and orders that live by a test clock.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";

import { Holdfast, type Schemas } from "../../client/src/index.ts";

export const password = "correct horse battery";
export const start = "2026-03-01T09:00:00.000Z";

const source = join(import.meta.dirname, "../../..");
export const sourceFile = (path: string) => join(source, path);
export function programOf(): string {
  const program = process.env["HOLDFAST"];
  if (!program) throw new Error("HOLDFAST names the program");
  return program;
}

// A small store's files; what they are, the desk finds out.
export const samples = (): string[] =>
  ["shopify", "aliexpress", "tracking", "scenario"].flatMap((folder) =>
    readdirSync(sourceFile(`samples/${folder}`)).filter((name) => /\.(csv|json)$/.test(name)).sort().map((name) => sourceFile(`samples/${folder}/${name}`)));

async function importFile(server: Server, name: string, content: BlobPart, query: string): Promise<number> {
  const body = new FormData();
  body.append("file", new Blob([content]), name);
  return (await fetch(`${server.url}/v1/imports?${query}`, { method: "POST", body, headers: { Authorization: `Bearer ${server.key}` } })).status;
}

export async function importSamples(server: Server): Promise<void> {
  for (const file of samples()) {
    const status = await importFile(server, basename(file), readFileSync(file), "seen_at=2026-11-23T12:00:00.000Z&currency=USD");
    if (status !== 201 && status !== 422) throw new Error(`${file}: ${status}`);
  }
}

// Two sales of the store "shop", S-1 and S-2, and the purchase 88101 for the first: promised for five days ago, and not come.
export async function importOverdue(server: Server): Promise<void> {
  const on = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const tables = [
    ["sales", { of: "sale", system: "shop" }, ["reference", "created", "paid", "total", "currency", "title", "sku", "quantity", "destination"],
      [["S-1", on(-71), on(-71), "62.00", "USD", "Brass lamp", "LAMP", "1", "United States"], ["S-2", on(-71), on(-71), "20.00", "USD", "Cork mat", "MAT", "1", "United States"]]],
    ["purchases", { of: "purchase", system: "aliexpress", sale_system: "shop" }, ["reference", "sale_reference", "created", "paid", "shipped", "commit_days", "total", "currency", "store_name", "title"],
      [["88101", "S-1", on(-70), on(-70), on(-65), "60", "31.70", "USD", "Mug House", "Brass lamp"]]],
  ] as const;
  for (const [name, mapping, fields, rows] of tables) {
    await server.client().put("/v1/mappings/{name}", { path: { name }, body: { ...mapping, columns: { reference: "reference", ...Object.fromEntries(fields.map((field) => [field, field])) } } });
    const status = await importFile(server, `${name}.csv`, [fields, ...rows].map((row) => row.join(",")).join("\n"), `mapping=${name}`);
    if (status !== 201) throw new Error(`${name}: ${status}`);
  }
}

export class Server {
  readonly folder = mkdtempSync(join(tmpdir(), "holdfast-console-"));
  url = "";
  key = "";
  #process: ChildProcess | undefined;

  // Variables: settings, such as HOLDFAST_SERVE_ALONE_MOST.
  async begin(program: string, variables: Record<string, string> = {}): Promise<this> {
    const database = join(this.folder, "served.db");
    const env = { ...process.env, HOLDFAST_SERVE_ADDRESS_REQUESTS: "0", ...variables };
    this.#process = spawn(program, ["serve", "--database", database, "--port", "0"], { cwd: this.folder, env, stdio: ["ignore", "ignore", "pipe"] });
    if (!this.#process.stderr) throw new Error("the server has no log");
    const lines = createInterface({ input: this.#process.stderr });
    await new Promise<void>((resolve, reject) => {
      const said: string[] = [];
      lines.on("line", (line) => {
        const found = /^Serving .* on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line);
        if (!this.url) said.push(line);
        if (found?.[1]) this.url = found[1];
        if (found) resolve();
      });
      this.#process?.on("exit", () => reject(new Error(`the server ended: ${said.join("\n")}`)));
    });
    this.key = readFileSync(`${database}.key`, "utf8").trim();
    return this;
  }
  client(): Holdfast {
    return new Holdfast({ url: this.url, key: this.key });
  }
  async end() {
    this.#process?.removeAllListeners("exit");
    const ended = new Promise((resolve) => this.#process?.once("exit", resolve));
    this.#process?.kill("SIGTERM");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const eur = (amount: number) => ({ amount, currency: "EUR" });

export async function addUser(client: Holdfast, name: string, role: Schemas["Role"], party?: string): Promise<string> {
  return (await client.post("/v1/users", { body: { name, password, roles: [role], ...(party && { party }) } })).id;
}

// An order by a test clock of its own, paid and sent.
export class Life {
  readonly client: Holdfast;
  readonly reference: string;
  clock = "";
  id = "";

  constructor(client: Holdfast, reference: string) {
    this.client = client;
    this.reference = reference;
  }
  get path() {
    return { order_id: this.id };
  }
  // `sent`: what the first parcel holds, if not all.
  async place(sent?: Schemas["LineQuantity"][]): Promise<this> {
    this.clock = (await this.client.post("/v1/test_clocks", { body: { shows: start } })).id;
    const placed = await this.client.post("/v1/orders", {
      body: {
        reference: this.reference, placed_at: start, clock: this.clock, buyer: { reference: "customer-42" }, seller: { reference: "shop-17" },
        currency: "EUR", lines: [{ sku: "mug-blue", quantity: 2, unit_price: eur(4990) }, { sku: "saucer", unit_price: eur(1500) }],
        shipping: eur(490), commission_basis_points: 1000, terms: { terms_id: "marketplace" }, promised_by: "2026-03-31",
      },
    });
    this.id = placed.order_id ?? "";
    await this.client.post("/v1/orders/{order_id}/payments", { path: this.path, body: { seen: "captured", amount: eur(11970), reference: `pi_${this.reference}` } });
    await this.client.post("/v1/orders/{order_id}/shipments", { path: this.path, body: { tracking: "RR123456785DE", carrier: "DHL", ...(sent && { lines: sent }) } });
    return this;
  }
  async at(instant: string): Promise<void> {
    await this.client.post("/v1/test_clocks/{clock_id}/advance", { path: { clock_id: this.clock }, body: { to: instant } });
  }
  async deliver(instant: string): Promise<void> {
    await this.client.post("/v1/shipments/{shipment_id}/scans", { path: { shipment_id: `shp_${this.id.slice(4)}_1` }, body: { kind: "delivered", when: instant } });
  }
  async dispute(reason: Schemas["Reason"], more: object = {}): Promise<string> {
    const made = await this.client.post("/v1/orders/{order_id}/disputes", { path: this.path, body: { as: "buyer", reason, ...more } });
    return made.made.dispute_id ?? "";
  }
  async link(as: "buyer" | "seller"): Promise<string> {
    const expires_at = new Date(Date.now() + 86_400_000).toISOString();
    return (await this.client.post("/v1/orders/{order_id}/links", { path: this.path, body: { as, expires_at } })).token;
  }
}
