/** Orders by id, the same on every machine: by UTF-16 code units, not by a language. */
export function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}
