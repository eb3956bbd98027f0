// Batches lookups by id: callers in the same moment share one request.
import { chunkIds } from './facts.ts'

interface Asker<T> {
  readonly tell: (found: T | null) => void
  readonly fail: (error: unknown) => void
}

/**
 * @param read - reads the existing objects among the ids
 * @param most - maximum ids per request
 * @returns a lookup by id, which resolves with null if the object does not exist or is not visible
 */
export function batchReads<T extends { readonly id: string }>(
  read: (ids: readonly string[]) => Promise<readonly T[]>,
  most: number,
): (id: string) => Promise<T | null> {
  let askers = new Map<string, Asker<T>[]>()
  async function ask(asked: ReadonlyMap<string, readonly Asker<T>[]>, ids: readonly string[]): Promise<void> {
    const each = (act: (asker: Asker<T>, id: string) => void) => {
      for (const id of ids) for (const asker of asked.get(id) ?? []) act(asker, id)
    }
    try {
      const found = new Map((await read(ids)).map((item) => [item.id, item]))
      each(({ tell }, id) => tell(found.get(id) ?? null))
    } catch (error) {
      each(({ fail }) => fail(error))
    }
  }
  function askAll(): void {
    const asked = askers
    askers = new Map()
    for (const ids of chunkIds([...asked.keys()], most)) void ask(asked, ids)
  }
  return (id) =>
    new Promise((tell, fail) => {
      // Runs after the whole page has rendered.
      if (askers.size === 0) setTimeout(askAll)
      askers.set(id, [...(askers.get(id) ?? []), { tell, fail }])
    })
}
