// Which entries of a list have the name of an earlier one, so that the later would silently have no effect.

export interface Repeat<T> {
  readonly later: T
  /** The first entry with the same name */
  readonly earlier: T
}

export function findRepeats<T extends { readonly name: string }>(
  entries: readonly T[],
): readonly Repeat<T>[] {
  const first = new Map<string, T>()
  return entries.flatMap((later) => {
    const earlier = first.get(later.name)
    if (earlier !== undefined) return [{ later, earlier }]
    first.set(later.name, later)
    return []
  })
}
