// Parses definitions and collects all problems instead of stopping at the first.

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

/** Returns the valid definitions; records problems and duplicate ids. */
export function parseAll<T extends { readonly id: string }>(
  name: string,
  schema: Schema<T>,
  written: readonly unknown[],
  problems: string[],
): readonly T[] {
  const seen = new Set<string>()
  return written.flatMap((one, at) => {
    const parsed = parseOne(`${name}.${at}`, schema, one, problems)
    if (parsed === undefined) return []
    if (seen.has(parsed.id)) problems.push(`${name}.${at}.id: ${parsed.id} is defined twice`)
    seen.add(parsed.id)
    return [parsed]
  })
}

/** Parses a definition, or records all its problems. */
export function parseOne<T>(
  name: string,
  schema: Schema<T>,
  written: unknown,
  problems: string[],
): T | undefined {
  const parsed = schema.safeParse(written)
  if (parsed.success) return parsed.data
  for (const { path, message } of parsed.error.issues)
    problems.push(`${[name, ...path].map(String).join('.')}: ${message}`)
  return undefined
}
