// Files that show something: each is sent, then submitted under what it is. One that is not taken does not end the others.

import type { Holdfast } from "../../../client/src/index.ts";
import { isExpired, sendFile, type Schemas } from "./client.ts";

export interface NotTaken {
  file: File;
  error: unknown;
}
interface Sending {
  client: Holdfast;
  token?: string | undefined;
  dispute: string;
  as: "buyer" | "seller";
  kindOf: (file: File) => Schemas["EvidenceKind"];
  ontaken?: () => void;
}

export async function sendEvidence(files: Iterable<File>, { client, token, dispute, as, kindOf, ontaken }: Sending): Promise<NotTaken[]> {
  const left: NotTaken[] = [];
  for (const file of files) {
    try {
      const { content } = await sendFile<Schemas["File"]>(`/v1/disputes/${dispute}/files`, file, token);
      await client.post("/v1/disputes/{dispute_id}/evidence", { path: { dispute_id: dispute }, body: { as, kind: kindOf(file), content } });
      ontaken?.();
    } catch (error) {
      if (isExpired(error)) throw error;
      left.push({ file, error });
    }
  }
  return left;
}
