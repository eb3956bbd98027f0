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
  rateLimited: 10,
  /** Warnings only, with --strict */
  warnings: 11,
  /** Neither yes nor no could be shown */
  inconclusive: 12,
} as const
