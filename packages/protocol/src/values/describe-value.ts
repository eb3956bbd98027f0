// JSON values that others chose, as text for records and messages.

/** `String()` calls members of an object, which may be anything, and throws if they are no functions. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return 'a value that is nested too deeply'
  }
}
