/** @returns the member of this name, which may come from a request; undefined for those that every object inherits */
export function findOwn<T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined
}
