// What is sent again, and what is not: against a server that fails as it is told.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { test } from "node:test";

import { EventStreamReader, type StreamPart } from "../src/event_stream.ts";
import { Holdfast, HoldfastProblem } from "../src/index.ts";

type Fault = "gone" | "half" | { status: number; retryAfter?: string; body?: object };

// Answers one request after another with these, the last for ever; keeps what was asked and waited.
async function withFaults(
  faults: Fault[],
  use: (client: Holdfast, asked: IncomingMessage[], waited: number[]) => Promise<void>,
  options: { tries?: number } = {},
) {
  const asked: IncomingMessage[] = [];
  const waited: number[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const fault = faults[Math.min(asked.length, faults.length - 1)];
    asked.push(request);
    if (fault === undefined || fault === "gone") return request.socket.destroy();
    if (fault === "half") {
      response.writeHead(201, { "Content-Length": 100 });
      return response.write("{", () => request.socket.destroy());
    }
    response.statusCode = fault.status;
    if (fault.retryAfter !== undefined) response.setHeader("Retry-After", fault.retryAfter);
    return response.end(fault.body ? JSON.stringify(fault.body) : "");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address !== "string");
  const client = new Holdfast({
    url: `http://127.0.0.1:${address.port}`,
    key: "sk_test_1",
    ...options,
    wait: async (ms) => void waited.push(ms),
  });
  try {
    await use(client, asked, waited);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const clock = { body: { shows: "2026-03-01T09:00:00.000Z" } };
const made = { status: 201, body: { object: "test_clock", id: "clk_1" } };
const keysOf = (asked: IncomingMessage[]) => new Set(asked.map((one) => one.headers["idempotency-key"]));

test("a POST is sent again under its key, until it is answered", async () => {
  const faults: Fault[] = ["gone", "half", { status: 503, retryAfter: "7" }, { status: 429, retryAfter: "2" }, { status: 500 }, made];
  await withFaults(faults, async (client, asked, waited) => {
    const answer = await client.post("/v1/test_clocks", clock);
    assert.equal(answer.id, "clk_1");
    assert.equal(asked.length, 6);
    assert.equal(keysOf(asked).size, 1);
    assert.match(String(asked[0]?.headers["idempotency-key"]), /^[0-9a-f-]{36}$/);
    assert.ok(asked.every((one) => one.headers.authorization === "Bearer sk_test_1"));
    assert.equal(waited.length, 5);
    assert.deepEqual(waited.slice(2, 4), [7000, 2000]);
  }, { tries: 6 });
});

test("a PUT is sent again, and needs no key: what it writes is the same each time", async () => {
  const mapping = { of: "purchase", system: "aliexpress", columns: { reference: "Order No." } } as const;
  await withFaults(["gone", { status: 200, body: { object: "mapping", name: "dsers", ...mapping } }], async (client, asked) => {
    const answer = await client.put("/v1/mappings/{name}", { path: { name: "dsers" }, body: mapping });
    assert.equal(answer.name, "dsers");
    assert.deepEqual(asked.map((one) => one.method), ["PUT", "PUT"]);
    assert.equal(asked[0]?.headers["idempotency-key"], undefined);
  });
});

test("each intent has a key of its own, or the one that was named", async () => {
  await withFaults([made], async (client, asked) => {
    await client.post("/v1/test_clocks", clock);
    await client.post("/v1/test_clocks", clock);
    await client.post("/v1/test_clocks", { ...clock, key: "clock-1" });
    assert.equal(keysOf(asked).size, 3);
    assert.equal(asked[2]?.headers["idempotency-key"], "clock-1");
  });
});

test("after some tries it is over", async () => {
  await withFaults([{ status: 503, body: { code: "busy" } }], async (client, asked) => {
    await assert.rejects(client.get("/v1/orders"), (error) => error instanceof HoldfastProblem && error.code === "busy");
    assert.equal(asked.length, 5);
  });
  await withFaults(["gone"], async (client, asked) => {
    await assert.rejects(client.get("/v1/orders"), TypeError);
    assert.equal(asked.length, 5);
  });
});

test("what was refused is not asked again, and what would meet itself neither", async () => {
  await withFaults([{ status: 422, body: { code: "not_granted" } }], async (client, asked) => {
    await assert.rejects(client.post("/v1/test_clocks", clock), HoldfastProblem);
    assert.equal(asked.length, 1);
  });
  const path = { key_id: "key_1" };
  for (const fault of ["gone", { status: 503 }] as const)
    await withFaults([fault], async (client, asked) => {
      await assert.rejects(client.delete("/v1/keys/{key_id}", { path }));
      assert.equal(asked.length, 1);
      assert.equal(asked[0]?.headers["idempotency-key"], undefined);
    });
  await withFaults([{ status: 302, body: {} }], async (client) => {
    await assert.rejects(client.delete("/v1/keys/{key_id}", { path }));
  });
});

test("an answer that is not from Holdfast is a problem without a code", async () => {
  await withFaults([{ status: 404 }], async (client) => {
    await assert.rejects(client.get("/v1/orders"), (error) => error instanceof HoldfastProblem && error.code === "" && error.status === 404);
  });
});

test("a server-sent event comes whole, in whatever pieces it arrives", () => {
  const text = ":\r\n\r\nid: evt_1\r\nevent: a\r\ndata: {\r\ndata: }\r\n\r\nid: evt_2\n\n";
  const wanted: StreamPart[] = [
    { lastId: "" },
    { lastId: "evt_1", event: { type: "a", data: "{\n}" } },
    { lastId: "evt_2" },
  ];
  for (let at = 0; at <= text.length; ++at) {
    const reader = new EventStreamReader();
    assert.deepEqual([...reader.take(text.slice(0, at)), ...reader.take(text.slice(at))], wanted);
  }
});
