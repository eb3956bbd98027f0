/** Exit codes, the same for every command and output format. */
export const EXIT = {
  done: 0,
  failure: 1,
  /** Usage or validation */
  usage: 2,
  /** A valid negative answer: denied, check failed, verification failed */
  negative: 3,
  /** No token, or one that is not in force */
  signIn: 4,
  /** The role does not permit it */
  notPermitted: 5,
  notFound: 6,
  /** Changed meanwhile, or does not fit what is there */
  conflict: 7,
  network: 8,
  /** No answer in the time there was */
  timeout: 9,
  rateLimited: 10,
  /** Warnings only, with --strict */
  warnings: 11,
  /** The result is inconclusive */
  inconclusive: 12,
} as const

export interface ExitMeaning {
  readonly exitCode: number
  /** Of errors that end so, where nothing more exact is known */
  readonly code: string
  readonly meaning: string
}

/** What the reference says of them, and an error in JSON. */
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
    meaning: 'a valid negative answer, for example a denial or a signature that is not valid',
  },
  {
    exitCode: EXIT.signIn,
    code: 'sign-in',
    meaning: 'no admin API token, or it is not accepted',
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
  { exitCode: EXIT.network, code: 'network', meaning: 'network, TLS, DNS' },
  { exitCode: EXIT.timeout, code: 'timeout', meaning: 'no answer in time' },
  { exitCode: EXIT.rateLimited, code: 'rate-limited', meaning: 'rate limited' },
  { exitCode: EXIT.warnings, code: 'warnings', meaning: 'warnings only, with `--strict`' },
  {
    exitCode: EXIT.inconclusive,
    code: 'inconclusive',
    meaning: 'inconclusive: neither proved nor disproved',
  },
]
