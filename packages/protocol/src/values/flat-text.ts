// Builds flat strings. V8 keeps the result of a template literal as a tree of its parts, and one such string anywhere
// in a value sends `JSON.stringify` back to its slow path; texts for the log are therefore flat.

/** A template literal whose result is one flat string. */
export function flat(strings: TemplateStringsArray, ...values: readonly string[]): string {
  const parts: string[] = [strings[0] as string]
  for (let i = 0; i < values.length; i += 1) parts.push(values[i] as string, strings[i + 1] as string)
  return parts.join('')
}
