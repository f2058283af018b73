// What the console says. All of it stands in src/texts/en.json; another language is another such file.

import en from "../texts/en.json";
import { once } from "./once.ts";

export type TextKey = keyof typeof en;
type CountOf<Key> = Key extends `${infer Count}_other` ? (`${Count}_one` extends TextKey ? Count : never) : never;
export type CountKey = CountOf<TextKey>; // what has a text for one and for more
export const language = "en";

const texts: Record<string, string> = en;

// The text of a key, with {name} filled in. A count chooses between "…_one" and "…_other".
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  return fill(texts[key] ?? key, values);
}

const plurals = once(() => new Intl.PluralRules(language));
const numbers = once(() => new Intl.NumberFormat(language));
export const number = (value: number) => numbers().format(value);
export function tn(key: CountKey, count: number, values: Record<string, string | number> = {}): string {
  const text = texts[`${key}_${plurals().select(count)}`] ?? texts[`${key}_other`] ?? key;
  return fill(text, { count: number(count), ...values });
}

// A word of the wire, such as not_received: as the list has it, else the word itself with spaces.
export function word(list: string, value: string | undefined): string {
  if (value === undefined) return "";
  return texts[`${list}.${value}`] ?? value.replaceAll("_", " ").replaceAll(".", ": ");
}

// The same where nothing need be said of a word.
export const hint = (list: string, value: string): string => texts[`${list}.${value}`] ?? "";

function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
