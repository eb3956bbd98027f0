// What can keep a server from starting, in words for the user who starts it.
import { findKeyProviderFault, findStorageFault } from '@crosswalk/as-core'
import { maskUrlPassword, StartError } from '@crosswalk/control'
import { SchemaError } from '@crosswalk/storage'

import { joinHostPort } from './join-host-port.ts'
import { codeOf, messageOf } from './message-of.ts'

/** @param key - where the configuration says it */
export function describeListenProblem(
  error: unknown,
  address: { readonly host: string; readonly port: number },
  key: 'listen' | 'metrics.listen',
): Error {
  const at = joinHostPort(address)
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return explain(
        error,
        `${at} is in use`,
        `stop the process that listens there, or change the port under \`${key}\``,
      )
    case 'EACCES':
      return explain(error, `listening on ${at} is not permitted`, 'choose a port from 1024 on')
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return explain(
        error,
        `${address.host} is no address of this machine`,
        `correct \`host\` under \`${key}\`, for example 127.0.0.1`,
      )
    default:
      return explain(error, `listening on ${at} failed: ${messageOf(error)}`, `correct \`${key}\``)
  }
}

export function describeStorageProblem(
  error: unknown,
  databaseUrl: string,
  act: 'opened' | 'used' = 'opened',
): Error {
  const message = `the database ${maskUrlPassword(databaseUrl)} cannot be ${act}: ${messageOf(error)}`
  if (error instanceof SchemaError) return explain(error, message, error.fix)
  const fix = databaseUrl.startsWith('sqlite:')
    ? 'let the file and its folder be written, or correct `database`'
    : 'check that it runs and may be written, or correct `database`'
  return explain(error, message, fix)
}

/** @param file - where the key is kept, if the environment does not hold it */
export function describeKeyFileProblem(error: unknown, file: string): Error {
  if (codeOf(error) === undefined) return describeKeyProblem(error)
  return explain(
    error,
    `the key file ${file} can be neither read nor made: ${messageOf(error)}`,
    'let its folder be written, correct `database`, beside which it is kept, or set CROSSWALK_KEY',
  )
}

export function describeKeyProblem(error: unknown): Error {
  return explain(
    error,
    messageOf(error),
    'set CROSSWALK_KEY, or restore the key file that belongs to this database',
  )
}

/** Of what is read and written first: databases give their errors a code, and a key that does not fit has none. */
export function describeFirstUseProblem(error: unknown, databaseUrl: string): Error {
  const keys = findKeyProviderFault(error)
  if (keys !== undefined) return describeProviderProblem(error, keys.message)
  if (findStorageFault(error) === undefined && codeOf(error) === undefined) return describeKeyProblem(error)
  return describeStorageProblem(error, databaseUrl, 'used')
}

/** Only a server without keys needs its provider to start. */
function describeProviderProblem(error: unknown, what: string): Error {
  return explain(error, `no signing keys can be made: ${what}`, 'let it be reached, or correct `keys`')
}

export function describeLogProblem(error: unknown, file: string): Error {
  return explain(
    error,
    `the access log ${file} cannot be written: ${messageOf(error)}`,
    'let its folder be written, or correct `accessLog.to`',
  )
}

function explain(cause: unknown, message: string, fix: string): StartError {
  return cause instanceof StartError ? cause : new StartError(message, fix, { cause })
}
