// Sums and times as people read them. Sums stay minor units and times UTC until they are shown.

import { once } from "./once.ts";
import { language, t } from "./texts.ts";

export interface Sum {
  amount: number;
  currency: string;
}

const makers = new Map<string, Intl.NumberFormat>();
function maker(currency: string): Intl.NumberFormat {
  let found = makers.get(currency);
  if (!found) makers.set(currency, (found = new Intl.NumberFormat(language, { style: "currency", currency })));
  return found;
}

export const digitsOf = (currency: string) => maker(currency).resolvedOptions().maximumFractionDigits ?? 2;

// "1234" and 2 digits are "12.34": exactly, whatever the sum.
export function decimalOf(minor: number, digits: number): string {
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  return (minor < 0 ? "-" : "") + whole + (digits ? `.${text.slice(-digits)}` : "");
}

export function money(sum: Sum): string {
  return maker(sum.currency).format(decimalOf(sum.amount, digitsOf(sum.currency)) as `${number}`);
}

// "12.34" or "12,34" as minor units; nothing where it is no sum of this currency.
export function parseMoney(text: string, currency: string): number | undefined {
  const digits = digitsOf(currency);
  const found = /^\s*(\d{1,12})(?:[.,](\d*))?\s*$/.exec(text);
  const fraction = found?.[2] ?? "";
  if (!found || fraction.length > digits) return undefined;
  return Number(`${found[1]}${fraction.padEnd(digits, "0")}`);
}

const dates = (options: Intl.DateTimeFormatOptions) => once(() => new Intl.DateTimeFormat(language, options));
const inZone = dates({ dateStyle: "medium", timeStyle: "short" });
const inUtc = dates({ dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
const dayOnly = dates({ dateStyle: "medium", timeZone: "UTC" });
const shortDay = dates({ day: "numeric", month: "short", timeZone: "UTC" });
export const ownZone = once(() => inZone().resolvedOptions().timeZone);

// In the reader's zone.
export const moment = (instant: string) => inZone().format(new Date(instant));
export const momentUtc = (instant: string) => `${inUtc().format(new Date(instant))} UTC`;
export const day = (date: string) => dayOnly().format(new Date(date.length === 10 ? `${date}T00:00:00Z` : date));
export const dayShort = (date: string) => shortDay().format(new Date(`${date}T00:00:00Z`));

const minute = 60_000;
const hour = 60 * minute;
const aDay = 24 * hour;

// "3 d 4 h": two steps at most, the last rounded down.
export function span(ms: number): string {
  const left = Math.abs(ms);
  if (left < minute) return t("span.under_a_minute");
  const [days, hours, minutes] = [Math.floor(left / aDay), Math.floor((left % aDay) / hour), Math.floor((left % hour) / minute)];
  if (days > 0) return hours > 0 && days < 10 ? t("span.days_hours", { days, hours }) : t("span.days", { days });
  if (hours > 0) return minutes > 0 ? t("span.hours_minutes", { hours, minutes }) : t("span.hours", { hours });
  return t("span.minutes", { minutes });
}

export type Urgency = "past" | "urgent" | "soon" | "calm";
// The thresholds of every countdown: red within a day, amber within three.
export function urgency(left: number): Urgency {
  if (left <= 0) return "past";
  if (left <= aDay) return "urgent";
  return left <= 3 * aDay ? "soon" : "calm";
}

const percents = once(() => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }));
export const percent = (basisPoints: number) => percents().format(basisPoints / 10_000);
// How many rows of a text box a text takes, about; a line longer than `columns` is broken.
export const rowsOf = (text: string, columns = 64) => text.split("\n").reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / columns)), 1);
export { number } from "./texts.ts";
