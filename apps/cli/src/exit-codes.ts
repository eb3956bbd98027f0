/** Exit codes, the same for every command and output format. */
export const EXIT = {
  done: 0,
  failure: 1,
  /** Usage or validation */
  usage: 2,
  /** A valid negative result: denied, check failed, verification failed */
  negative: 3,
  /** Missing or inactive token */
  signIn: 4,
  /** The role does not permit it */
  notPermitted: 5,
  notFound: 6,
  /** Changed by someone else, or conflicts with existing objects */
  conflict: 7,
  network: 8,
  /** No response within the time limit */
  timeout: 9,
  rateLimited: 10,
  /** Warnings only, with --strict */
  warnings: 11,
  /** The result is inconclusive */
  inconclusive: 12,
} as const

export interface ExitMeaning {
  readonly exitCode: number
  /** The default error code for this exit code */
  readonly code: string
  readonly meaning: string
}

/** Used in the reference, and in JSON errors. */
export const EXIT_MEANINGS: readonly ExitMeaning[] = [
  { exitCode: EXIT.done, code: 'done', meaning: 'success' },
  {
    exitCode: EXIT.failure,
    code: 'failure',
    meaning: 'unexpected failure, or the server could not start',
  },
  { exitCode: EXIT.usage, code: 'usage', meaning: 'invalid usage or input' },
  {
    exitCode: EXIT.negative,
    code: 'negative',
    meaning: 'a valid negative result, for example a denial or an invalid signature',
  },
  {
    exitCode: EXIT.signIn,
    code: 'sign-in',
    meaning: 'not signed in: no admin API token, it is not accepted, or the user of a flow cannot sign in',
  },
  {
    exitCode: EXIT.notPermitted,
    code: 'not-permitted',
    meaning: 'the role of the token does not permit this',
  },
  { exitCode: EXIT.notFound, code: 'not-found', meaning: 'not found' },
  {
    exitCode: EXIT.conflict,
    code: 'conflict',
    meaning: 'conflict with the current state',
  },
  { exitCode: EXIT.network, code: 'network', meaning: 'network, TLS or DNS error' },
  { exitCode: EXIT.timeout, code: 'timeout', meaning: 'no response in time' },
  { exitCode: EXIT.rateLimited, code: 'rate-limited', meaning: 'rate limited' },
  { exitCode: EXIT.warnings, code: 'warnings', meaning: 'warnings only, with `--strict`' },
  {
    exitCode: EXIT.inconclusive,
    code: 'inconclusive',
    meaning: 'inconclusive: neither proved nor disproved',
  },
]
