// Reads what a demo process must be told from its environment, and names everything that is missing at once.

/** @throws Error that lists every variable that is not set */
export function readSettings<const Name extends string>(
  names: readonly Name[],
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => (env[name] ?? '') === '')
  if (missing.length > 0) throw new Error(`not set in the environment: ${missing.join(', ')}`)
  return Object.fromEntries(names.map((name) => [name, env[name] ?? ''])) as Record<Name, string>
}
