// Reads a configuration file where its secrets are not set, as in a build.
import type { Configuration } from '@crosswalk/control'
import { isScalar, parseDocument, visit } from 'yaml'

import { reportProblems } from '../configuration/configuration-file.ts'
import { type CommandTerminal, readTextFile } from '../terminal.ts'

/** Valid Base32, and long enough for every kind of secret. */
const STAND_IN = 'STANDIN'.repeat(6)

/** Reports the errors of the file. */
export async function loadWithoutSecrets(terminal: CommandTerminal, file: string): Promise<Configuration> {
  const { isSecretKey, loadConfiguration } = await import('@crosswalk/control')
  const environment = withAnySecret(terminal.env, readTextFile(file), isSecretKey)
  const { configuration, problems } = loadConfiguration(file, environment)
  const wrong = await reportProblems(
    terminal,
    problems.filter(({ severity }) => severity === 'error'),
  )
  if (configuration === undefined) throw wrong
  return configuration
}

/** Policies need no secrets, so unset secret variables get a stand-in; all other variables must be set. */
function withAnySecret(
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
