// A `holdfast serve` of a test's own: HOLDFAST names the program.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const program = process.env["HOLDFAST"] ?? "";

export class Served {
  readonly #process: ChildProcess;
  readonly url: string;
  readonly key: string;

  private constructor(child: ChildProcess, url: string, key: string) {
    this.#process = child;
    this.url = url;
    this.key = key;
  }

  static async start(database: string, port = 0): Promise<Served> {
    const child = spawn(program, ["serve", "--database", database, "--port", String(port)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    for await (const line of createInterface({ input: child.stderr })) {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (!found) continue;
      child.stderr.resume(); // its log is nobody's
      return new Served(child, found[0], readFileSync(`${database}.key`, "utf8").trim());
    }
    throw new Error("the server did not say where it listens");
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    const [code] = await ended;
    if (code !== 0) throw new Error(`the server ended with ${code}`);
  }
}

export class Folder {
  readonly #path = mkdtempSync(join(tmpdir(), "holdfast-client-"));
  file(name: string): string {
    return join(this.#path, name);
  }
  remove(): void {
    rmSync(this.#path, { recursive: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
