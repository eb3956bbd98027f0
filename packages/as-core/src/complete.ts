// What is read back from the text of a log.

/** Every member named, so that one which is added to T and forgotten where it is read back does not compile */
export type Complete<T> = { [Name in keyof Required<T>]: T[Name] }

/** As `dropUndefined`, for names that are ours: its lists of entries would double what reading an event costs. */
export function omitUndefined<T extends object>(members: Complete<T>): T {
  const present: Partial<T> = {}
  for (const name in members) if (members[name] !== undefined) present[name] = members[name]
  return present as T
}
