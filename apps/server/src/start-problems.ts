// Describes problems at start for the operator.
import { findKeyProviderFault, findStorageFault, MasterKeyError, SealingError } from '@crosswalk/as-core'
import { maskUrlPassword, StartError } from '@crosswalk/control'
import { SchemaError } from '@crosswalk/storage'

import { joinHostPort } from './join-host-port.ts'
import { codeOf, messageOf } from './message-of.ts'

/** @param key - the configuration key of the address */
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
        `${address.host} is not an address of this machine`,
        `fix \`host\` under \`${key}\`, for example 127.0.0.1`,
      )
    default:
      return explain(error, `listening on ${at} failed: ${messageOf(error)}`, `fix \`${key}\``)
  }
}

export function describeStorageProblem(
  error: unknown,
  databaseUrl: string,
  act: 'opened' | 'used' = 'opened',
): Error {
  const message = `the database ${maskUrlPassword(databaseUrl)} cannot be ${act}: ${messageOf(error)}`
  if (error instanceof SchemaError) return explain(error, message, error.fix)
  if (findStorageFault(error)?.trouble === 'full')
    return explain(error, message, 'free disk space, then start again: what was not completed was undone')
  const fix = databaseUrl.startsWith('sqlite:')
    ? 'make the file and its folder writable, or fix `database`'
    : (POSTGRES_FIXES[findDatabaseCode(error)] ?? 'check that it is running and writable, or fix `database`')
  return explain(error, message, fix)
}

const NAME_CA = 'add `&sslrootcert=FILE` with the certificate of its CA to `database`'

/** By the SQLSTATE, or by the code of Node.js or OpenSSL. */
const POSTGRES_FIXES: Readonly<Record<string, string>> = {
  '28000':
    'create this user, or allow it in pg_hba.conf; if that requires TLS, add `?sslmode=verify-full` to `database`',
  '28P01': 'correct the user and the password in `database`',
  '3D000': 'create the database, or correct its name in `database`',
  '42501': 'make this user the owner of the database and its tables',
  ENOTFOUND: 'correct the host in `database`',
  DEPTH_ZERO_SELF_SIGNED_CERT: NAME_CA,
  SELF_SIGNED_CERT_IN_CHAIN: NAME_CA,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NAME_CA,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NAME_CA,
  ERR_TLS_CERT_ALTNAME_INVALID: 'use a host name of its certificate in `database`',
}

function findDatabaseCode(error: unknown): string {
  return codeOf(findStorageFault(error)?.cause ?? error) ?? ''
}

/** @param file - where the key is stored, unless the environment contains it */
export function describeKeyFileProblem(error: unknown, file: string): Error {
  if (codeOf(error) === undefined) return describeKeyProblem(error)
  return explain(
    error,
    `the key file ${file} can be neither read nor created: ${messageOf(error)}`,
    'make its folder writable, fix `database` (the key file is next to it), or set CROSSWALK_KEY',
  )
}

function describeKeyProblem(error: unknown): Error {
  if (error instanceof MasterKeyError)
    return new StartError(error.what, error.fix, { cause: error, isMisuse: true })
  return explain(error, messageOf(error), 'set CROSSWALK_KEY, or restore the key file of this database')
}

/** For the first reads and writes. */
export function describeFirstUseProblem(error: unknown, databaseUrl: string): Error {
  const keys = findKeyProviderFault(error)
  if (keys !== undefined) return describeProviderProblem(error, keys.message)
  if (error instanceof SealingError || error instanceof MasterKeyError) return describeKeyProblem(error)
  if (findStorageFault(error) !== undefined || codeOf(error) !== undefined)
    return describeStorageProblem(error, databaseUrl, 'used')
  return explain(error, `the server failed while starting: ${messageOf(error)}`, REPORT)
}

const REPORT = 'if the previous version starts, use that one, and report this message as a defect'

/** A server needs its key provider at start only while it has no keys. */
function describeProviderProblem(error: unknown, what: string): Error {
  return explain(
    error,
    `no signing keys can be created: ${what}`,
    'make the provider reachable, or fix `keys`',
  )
}

export function describeLogProblem(error: unknown, file: string): Error {
  return explain(
    error,
    `the access log ${file} cannot be written: ${messageOf(error)}`,
    'make its folder writable, or fix `accessLog.to`',
  )
}

function explain(cause: unknown, message: string, fix: string): StartError {
  return cause instanceof StartError ? cause : new StartError(message, fix, { cause })
}
