/**
 * An object with another value of an optional member, or without the member.
 *
 * @param value - undefined, or an empty text or list: without it
 */
export function withMember<T extends object, K extends keyof T>(object: T, name: K, value: T[K]): T {
  const { [name]: _, ...rest } = object
  const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  return (isEmpty ? rest : { ...rest, [name]: value }) as T
}
