/** A paged list (AIP-158) as one sequence; a page is asked for when the one before it is read. */
export async function* pages<T>(page: (token: string) => Promise<{ items: T[]; nextToken: string }>): AsyncGenerator<T, void, undefined> {
  let token = "";
  do {
    const { items, nextToken } = await page(token);
    yield* items;
    token = nextToken;
  } while (token !== "");
}
