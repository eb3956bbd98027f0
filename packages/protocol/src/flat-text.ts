// Text in one piece. What a template literal puts together is kept as a tree of its parts, and one such string anywhere
// in a value makes `JSON.stringify` begin again on its slow path; so what is written to the log is made in one piece.

/** A template literal whose result is one flat string. */
export function flat(strings: TemplateStringsArray, ...values: readonly string[]): string {
  const parts: string[] = [strings[0] as string]
  for (let i = 0; i < values.length; i += 1) parts.push(values[i] as string, strings[i + 1] as string)
  return parts.join('')
}
