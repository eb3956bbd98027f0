/**
 * Copies an object with a new value for an optional member, or without the member.
 *
 * @param value - undefined, or an empty string or list, removes the member
 */
export function withMember<T extends object, K extends keyof T>(object: T, name: K, value: T[K]): T {
  const { [name]: _, ...rest } = object
  const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  return (isEmpty ? rest : { ...rest, [name]: value }) as T
}
