// Reads a list of written definitions, noting every problem rather than the first.

interface Schema<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
        }
      }
}

/** Parses what is right, notes what is not, and that an id was given twice. */
export function parseAll<T extends { readonly id: string }>(
  name: string,
  schema: Schema<T>,
  written: readonly unknown[],
  problems: string[],
): readonly T[] {
  const seen = new Set<string>()
  return written.flatMap((one, at) => {
    const parsed = schema.safeParse(one)
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues)
        problems.push(`${[name, at, ...path].map(String).join('.')}: ${message}`)
      return []
    }
    const { id } = parsed.data
    if (seen.has(id)) problems.push(`${name}.${at}.id: ${id} is there twice`)
    seen.add(id)
    return [parsed.data]
  })
}
