// Who is signed in, and the faces that their roles open.

import { isExpired, type Schemas, server, setCsrf } from "./client.ts";

type Role = Schemas["Role"];
export type Standing = "asking" | "nobody" | "signed_in" | "expired" | "unreachable";

export class SessionState {
  standing = $state<Standing>("asking");
  user = $state<Schemas["User"]>();
  livemode = $state(false);
  // How often somebody signed in: what was refused because a session had ended is fetched again.
  begun = $state(0);

  get roles(): Role[] {
    return this.user?.roles ?? [];
  }
  has(...roles: Role[]): boolean {
    return roles.some((role) => this.roles.includes(role));
  }
  get operates() {
    return this.has("admin", "operator", "mediator");
  }
  get worksDesk() {
    return this.has("admin", "operator", "lead", "assistant");
  }
  get isParty() {
    return this.has("buyer", "seller");
  }

  // At the start: is there a session still?
  async find() {
    try {
      const caller = await server.get("/v1/me");
      this.livemode = caller.livemode;
      if (caller.session) this.#take(caller.session);
      else this.standing = "nobody";
    } catch (error) {
      this.standing = isExpired(error) ? "nobody" : "unreachable";
    }
  }

  async begin(name: string, password: string) {
    const session = await server.post("/v1/sessions", { body: { name, password } });
    this.livemode = (await server.get("/v1/me")).livemode;
    this.#take(session);
  }

  async end() {
    try {
      await server.delete("/v1/sessions/current");
    } catch (error) {
      if (!isExpired(error)) throw error;
    }
    this.user = undefined;
    this.standing = "nobody";
    setCsrf("");
  }

  // Something was answered 401: what is on the screen stays, and a dialog asks to sign in again. False: it was no session
  // that ended.
  noteExpired(): boolean {
    if (this.standing === "signed_in") this.standing = "expired";
    return this.standing === "expired";
  }

  #take(session: Schemas["Session"]) {
    setCsrf(session.csrf_token);
    this.user = session.user;
    this.standing = "signed_in";
    this.begun += 1;
  }
}

export const session = new SessionState();
