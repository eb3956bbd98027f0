/** Exit codes, the same for every command and output format. */
export const EXIT = {
  done: 0,
  failure: 1,
  /** Usage or validation */
  usage: 2,
  /** A valid negative answer: denied, check failed, verification failed */
  negative: 3,
  network: 8,
} as const
