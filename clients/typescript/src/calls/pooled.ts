/** What a page in a browser has in place of a bidirectional stream: a call for each item, several at a time, answers as they come. */
export async function* pooled<Item, Response>(
  items: AsyncIterable<Item> | Iterable<Item>,
  most: number,
  call: (sequence: bigint, item: Item) => Promise<Response>,
): AsyncGenerator<Response, void, undefined> {
  const underWay = new Map<bigint, Promise<{ sequence: bigint; response: Response }>>();
  let sequence = 0n;
  try {
    for await (const item of items) {
      const own = sequence++;
      underWay.set(own, call(own, item).then((response) => ({ sequence: own, response })));
      if (underWay.size >= most) yield await next();
    }
    while (underWay.size > 0) yield await next();
  } finally {
    // Whoever stopped reading hears no more of them.
    for (const rest of underWay.values()) rest.catch(() => undefined);
  }

  async function next(): Promise<Response> {
    const { sequence, response } = await Promise.race(underWay.values());
    underWay.delete(sequence);
    return response;
  }
}
