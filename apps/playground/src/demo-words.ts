// The users and targets of the demo world, and what to expect of each. Data.
export const USERS: Readonly<Record<string, string>> = {
  alice: 'engineering; can use everything',
  bob: 'sales; Agent0 cannot reach Todo0 for him',
  carol: 'engineering; has no account at Todo0 before her first visit',
  dave: 'deactivated; cannot sign in',
}

export const TARGETS: Readonly<Record<string, string>> = {
  todo0: 'the app may read and write',
  notes0: 'the app requests to read and write; the company allows reading',
}
