// The server is a separate package. Without it, the command line can still administer remote servers.
import type * as Server from '@crosswalk/server'

import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

/** @throws CliError if the package is not installed */
export async function loadServer(): Promise<typeof Server> {
  try {
    return await import('@crosswalk/server')
  } catch (error) {
    if (!isMissing(error)) throw error
    throw new CliError(
      EXIT.notFound,
      'this command needs the server, which is not installed',
      'run `npm install @crosswalk/server`',
    )
  }
}

/** Whether the package itself is missing, rather than one of its dependencies. */
function isMissing(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes("'@crosswalk/server'")
}
