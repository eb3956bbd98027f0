// Lets a configuration file be read where its secrets are not set, as in a build.
import { isScalar, parseDocument, visit } from 'yaml'

import type { CommandTerminal } from '../terminal.ts'

/** Valid Base32, and long enough for every kind of secret. */
const STAND_IN = 'STANDIN'.repeat(6)

/** Policies need no secrets, so unset secret variables get a stand-in; all other variables must be set. */
export function withAnySecret(
  env: CommandTerminal['env'],
  text: string,
  isSecretKey: (key: string) => boolean,
): CommandTerminal['env'] {
  const names = new Map<string, string>()
  visit(parseDocument(text, { prettyErrors: false }), {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isScalar(value) || !isSecretKey(String(key.value))) return
      for (const [, name = ''] of String(value.value).matchAll(/\$\{([A-Za-z0-9_]+)\}/g))
        names.set(name, STAND_IN)
    },
  })
  return { ...Object.fromEntries(names), ...env }
}
