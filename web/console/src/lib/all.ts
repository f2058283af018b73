// The whole of a list, as far as a page needs it.

export interface Taken<T> {
  rows: T[];
  isCut: boolean;
}

export async function take<T>(list: AsyncGenerator<T>, most: number): Promise<Taken<T>> {
  const rows: T[] = [];
  for await (const one of list) {
    if (rows.length === most) return { rows, isCut: true };
    rows.push(one);
  }
  return { rows, isCut: false };
}

interface PartPage<T> {
  data: T[];
  has_more: boolean;
  next_cursor?: string;
  is_cut: boolean;
}

// The same of a list of which the server itself looks through only a part, as its pages say.
export async function takePart<T>(page: (cursor: { cursor?: string }) => Promise<PartPage<T>>, most: number): Promise<Taken<T>> {
  const rows: T[] = [];
  for (let cursor: string | undefined; ; ) {
    const { data, has_more, next_cursor, is_cut } = await page(cursor === undefined ? {} : { cursor });
    rows.push(...data);
    if (rows.length > most) return { rows: rows.slice(0, most), isCut: true };
    if (!has_more) return { rows, isCut: is_cut };
    cursor = next_cursor;
  }
}
