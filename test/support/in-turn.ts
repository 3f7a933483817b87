/** Calls `make` for each item, at most `atOnce` at a time; results by item. */
export async function inTurn<T, R>(
  items: readonly T[],
  atOnce: number,
  make: (item: T) => Promise<R>,
): Promise<ReadonlyMap<T, R>> {
  const results = new Map<T, R>();
  const open = [...items];
  const work = async () => {
    for (let item = open.shift(); item !== undefined; item = open.shift()) results.set(item, await make(item));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
