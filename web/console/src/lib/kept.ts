// What this browser remembers for its reader. Where it may not, as in a frame of another site, it remembers nothing.

const placeOf = (name: string) => `holdfast.${name}`;

export function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(placeOf(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

// Without a value it is forgotten.
export function keep(name: string, value?: string) {
  try {
    if (value === undefined) localStorage.removeItem(placeOf(name));
    else localStorage.setItem(placeOf(name), value);
  } catch {
    return;
  }
}

// Of a kept text that no longer is what it was, nothing is taken.
export function keptJson<T>(name: string, otherwise: T): T {
  try {
    return JSON.parse(kept(name) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}
