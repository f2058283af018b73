// A value that is dear to make, such as a formatter of Intl: made when it is first asked for.
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
