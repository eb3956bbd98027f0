// Resource indicators (RFC 8707 section 2): absolute URIs without fragment, compared byte for byte.

const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+$/

/** @returns whether the text may identify a resource; it is never normalized, since identifiers are opaque */
export function isResourceIdentifier(text: string): boolean {
  return text.length <= 2048 && ABSOLUTE_URI.test(text)
}

/**
 * @returns a claim or parameter, which is one string or an array of strings, as an array; undefined if it is neither
 */
export function asStringArray(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  return undefined
}
