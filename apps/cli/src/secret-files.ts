// Secrets of commands that are in files: CROSSWALK_ADMIN_TOKEN_FILE and its like, read before a command looks.
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

const SECRETS = ['CROSSWALK_ADMIN_TOKEN', 'CROSSWALK_IDP_SECRET', 'CROSSWALK_AS_SECRET', 'CROSSWALK_ID_TOKEN']

/** @throws CliError for a file that cannot be read, and where a secret is set both ways */
export async function readSecretFiles(env: Terminal['env']): Promise<Terminal['env']> {
  const named = SECRETS.filter((name) => (env[`${name}_FILE`] ?? '') !== '')
  if (named.length === 0) return env
  // Loaded only now, since no command may start slower for secrets that it does not get.
  const { readVariable } = await import('@crosswalk/as-core')
  const read = named.flatMap((name) => {
    const variable = readVariable(env, name)
    if (!variable.accepted) throw new CliError(EXIT.usage, variable.refusal.what, variable.refusal.fix)
    return [
      [name, variable.value],
      [`${name}_FILE`, undefined],
    ]
  })
  return { ...env, ...(Object.fromEntries(read) as Terminal['env']) }
}
