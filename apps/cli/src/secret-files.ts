// Reads command secrets from files named by variables such as CROSSWALK_ADMIN_TOKEN_FILE, before any command runs.
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

const SECRETS = ['CROSSWALK_ADMIN_TOKEN', 'CROSSWALK_IDP_SECRET', 'CROSSWALK_AS_SECRET', 'CROSSWALK_ID_TOKEN']

/** @throws CliError if a file cannot be read, or a secret is set both ways */
export async function readSecretFiles(env: Terminal['env']): Promise<Terminal['env']> {
  const named = SECRETS.filter((name) => (env[`${name}_FILE`] ?? '') !== '')
  if (named.length === 0) return env
  // Loaded on demand, so that commands without secret files start faster.
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
