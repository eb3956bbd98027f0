// The table of words that the product does not use, with replacements. It has only words that are wrong in every
// context. "Refused" is not: a server can refuse a request that no decision denied.

export interface Term {
  /** Matched case-insensitively, on word boundaries; a space also matches a line break. */
  readonly not: string
  /** The word or the phrase to use */
  readonly use: string
}

export const TERMS: readonly Term[] = [
  { not: 'nobody', use: 'say what is: "no owner", "no user"' },
  { not: 'somebody', use: 'user, or name the role' },
  { not: 'anybody', use: 'any user, or name the role' },
  { not: 'whoever|whomever', use: 'name the role' },
  { not: 'persons?|people', use: 'user' },
  { not: 'anew', use: 'again' },
  { not: '(?:take|takes|taking|took|taken)(?: it| them| this| that| access)? back', use: 'revoke' },
  { not: 'withdraws?|withdrew|withdrawn|withdrawing|withdrawals?', use: 'revoke' },
  { not: 'bans?|banned|banning', use: 'block' },
  { not: 'ladders?|climb(?:s|ed|ing)?', use: 'account linking' },
  { not: 'campaigns?', use: 'access review' },
  { not: 'in earnest', use: 'name the environment: "in production"' },
  { not: '(?:is|are|was|were) out(?! of)', use: 'issued, live' },
  { not: 'who is told', use: 'event delivery' },
  { not: 'whole of why', use: 'every check and its result' },
  { not: 'answers? for it', use: 'owner' },
  { not: 'how to get to yes|nearest yes', use: 'what would allow the request' },
  { not: 'hangs? together', use: 'how it works' },
  { not: 'fresh enough', use: 'up to date' },
  { not: 'nothing waits', use: 'no pending requests' },
  { not: 'all there are', use: 'numbers: "3 of 3"' },
  { not: 'who wonders', use: 'name the reader' },
  { not: 'never pressed', use: 'never drilled' },
  { not: 'without a face', use: 'without a user interface' },
  { not: 'what to mend|mends?', use: 'fix' },
  { not: 'is taken no more|are taken no more', use: 'no longer accepted' },
  { not: 'doors?', use: 'endpoint, guard, page' },
  { not: 'lanes?', use: 'kind of event' },
]
