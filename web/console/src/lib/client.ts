// The server as the console asks it: the typed client of web/client, with a browser's session or a link's token.

import { Holdfast, HoldfastProblem, type Schemas } from "../../../client/src/index.ts";

export { HoldfastProblem };
export type { Schemas };

// Nothing was answered: the line is down, or the server is.
export const isUnreachable = (error: unknown) => error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError");
// Whoever asked is not, or no longer, known.
export const isExpired = (error: unknown) => error instanceof HoldfastProblem && error.status === 401;
export const isConflict = (error: unknown) =>
  error instanceof HoldfastProblem && (error.status === 412 || error.code === "version_differs");

const tries = 2;
let csrf = "";

export function setCsrf(token: string) {
  csrf = token;
}

// The cookie comes along by itself; what changes something brings the session's token.
const sessionFetch: typeof fetch = (address, init) => {
  const headers = new Headers(init?.headers);
  headers.delete("Authorization");
  if (csrf !== "") headers.set("X-CSRF-Token", csrf);
  return fetch(address, { ...init, headers, credentials: "same-origin", cache: "no-store" });
};
const plainFetch: typeof fetch = (address, init) => fetch(address, { ...init, credentials: "omit", cache: "no-store" });

export const server = new Holdfast({ url: location.origin, key: "", tries, fetch: sessionFetch });
export const withLink = (token: string) => new Holdfast({ url: location.origin, key: token, tries, fetch: plainFetch });

// What the typed client does not do: files there and back. `token`: of a link; none: the session.
async function exchange(path: string, init: RequestInit, token?: string): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  const response = await (token ? plainFetch : sessionFetch)(location.origin + path, { ...init, headers });
  if (response.ok) return response;
  const problem: Partial<Schemas["Problem"]> = await response.json().catch(() => ({}));
  throw new HoldfastProblem(response.status, problem);
}

export async function sendFile<T>(path: string, file: File, token?: string): Promise<T> {
  const body = new FormData();
  body.append("file", file, file.name);
  return (await exchange(path, { method: "POST", body }, token)).json();
}

export async function fetchFile(path: string, token?: string): Promise<Blob> {
  return (await exchange(path, {}, token)).blob();
}
