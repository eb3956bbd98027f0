// Reads the settings of a demo process from its environment, and reports all missing ones together.

/** @throws Error that lists every missing variable */
export function readSettings<const Name extends string>(
  names: readonly Name[],
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => (env[name] ?? '') === '')
  if (missing.length > 0) throw new Error(`not set in the environment: ${missing.join(', ')}`)
  return Object.fromEntries(names.map((name) => [name, env[name] ?? ''])) as Record<Name, string>
}
