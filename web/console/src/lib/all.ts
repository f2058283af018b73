// The whole of a list, as far as a page needs it.

export async function take<T>(list: AsyncGenerator<T>, most: number): Promise<{ rows: T[]; isCut: boolean }> {
  const rows: T[] = [];
  for await (const one of list) {
    if (rows.length === most) return { rows, isCut: true };
    rows.push(one);
  }
  return { rows, isCut: false };
}
