// Looking at the log is logged as well. In a list of changes, such entries in a row are one line with a count.
export interface Countable {
  readonly type: string
  readonly actor?: { readonly id?: string }
}

export type Collapsed<E> = E & { readonly times: number }

const READ = /\.(read|exported|verified)$/

/** @returns the newest of each run of reads by one actor, and everything else as it is */
export function collapseReads<E extends Countable>(events: readonly E[]): readonly Collapsed<E>[] {
  const rows: Collapsed<E>[] = []
  for (const event of events) {
    const last = rows.at(-1)
    const isSame = last?.type === event.type && last.actor?.id === event.actor?.id
    if (last !== undefined && isSame && READ.test(event.type))
      rows[rows.length - 1] = { ...last, times: last.times + 1 }
    else rows.push({ ...event, times: 1 })
  }
  return rows
}
