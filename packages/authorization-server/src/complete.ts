// What is read back from a short form: every member named, so that one which is added to T and forgotten there does not
// compile, and none there that is absent.

export type Complete<T> = { [Name in keyof Required<T>]: T[Name] }

export function withoutAbsent<T extends object>(members: Complete<T>): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T
}
