// Helpers for rebuilding objects from the text of a log.

/** Names every member, so that code which rebuilds a T fails to compile when T gains a member */
export type Complete<T> = { [Name in keyof Required<T>]: T[Name] }

/** Like `dropUndefined`, but for our own names; building lists of entries would double the cost of reading an event. */
export function omitUndefined<T extends object>(members: Complete<T>): T {
  const present: Partial<T> = {}
  for (const name in members) if (members[name] !== undefined) present[name] = members[name]
  return present as T
}
