// What the server says of an order's time ahead, in words.

import type { Schemas } from "../lib/client.ts";
import { word } from "../lib/texts.ts";

export const moneyNames = ["held", "refunded", "released", "compensated", "fees"] as const;
export const eventsText = (events: Schemas["EventType"][]) => events.filter((type) => type !== "order.default_struck").map((type) => word("event", type)).join(", ");
