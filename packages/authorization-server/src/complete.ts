// What is read back from a short form: every member named, so that one which is added to T and forgotten there does not
// compile, and none there that is absent.

export type Complete<T> = { [Name in keyof Required<T>]: T[Name] }

/** Member by member: lists of entries in between cost half of reading an event. */
export function withoutAbsent<T extends object>(members: Complete<T>): T {
  const present: Partial<T> = {}
  for (const name in members) if (members[name] !== undefined) present[name] = members[name]
  return present as T
}
