// Under which keys guesses are counted, so that guessing is slow and no one locks others out by it.
//
// A browser that the user has signed in with before is counted alone. Every other browser is counted three times: by typed name
// at their network, by typed name, and by network. What a name stands for plays no part, so known and unknown names, and
// the user name and the address of one user, cannot be told apart by their delays.
import {
  type AttemptCounter,
  type AttemptLimit,
  createAttemptCounter,
  findNetwork,
  type Sealing,
  type SharedAttempts,
} from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'

const LONGEST_DELAY_SECONDS = 900
/** For unknown browsers, such as a user's new one: no one may lock them out for long. */
const LONGEST_DELAY_OF_A_NAME_SECONDS = 60
/** Names are attacked from many networks, and networks have many users: both may fail more often. */
const FREE_FOR_MANY = 10

export interface Guesser {
  /** As typed */
  readonly login: string
  /** Undefined where it is not known: then guesses are counted by name alone */
  readonly ip: string | undefined
  /** Names the browser and the user, where the user has signed in with it before */
  readonly knownBrowser: string | undefined
}

export interface Guess {
  /** 0: the guess may be looked at, and counts as wrong until it is said to be right */
  readonly waitSeconds: number
  /** Whether it is the first one refused in this delay */
  readonly firstRefusal: boolean
  /** Either this or `fail` is called, and awaited before the answer. */
  succeed(): Promise<void>
  fail(): Promise<void>
}

export interface GuessLimits {
  guessPassword(guesser: Guesser, now: EpochMs): Promise<Guess>
  /** @param userId - a guesser has the password by now, so the user is the key at every app */
  guessFactor(userId: string, now: EpochMs): Promise<Guess>
}

interface Counted {
  readonly counter: AttemptCounter
  readonly key: string
  /** Of many users: a success takes its own attempt back and leaves those of others. */
  readonly isOthers?: true
}

export interface GuessLimitOptions {
  /** Failures before the first delay; 0 switches delays off */
  readonly free: number
  /** Counts for all processes of the database; without it, each counts for itself */
  readonly shared?: SharedAttempts | undefined
  readonly sealing: Pick<Sealing, 'keyedDigest'>
}

export function createGuessLimits({ free, shared, sealing }: GuessLimitOptions): GuessLimits {
  const count = (kind: string, limit: AttemptLimit) =>
    createAttemptCounter(
      limit,
      shared && {
        attempts: shared,
        nameKey: (key) => sealing.keyedDigest('guesses', JSON.stringify([kind, key])),
      },
    )
  const own = (kind: string) => count(kind, { free, longestDelaySeconds: LONGEST_DELAY_SECONDS })
  const many = (kind: string, longestDelaySeconds: number) =>
    count(kind, { free: free * FREE_FOR_MANY, longestDelaySeconds })
  const [browsers, pairs, factors] = [own('browser'), own('pair'), own('factor')]
  const names = many('name', LONGEST_DELAY_OF_A_NAME_SECONDS)
  const networks = many('network', LONGEST_DELAY_SECONDS)

  function listCounted({ login, ip, knownBrowser }: Guesser): readonly Counted[] {
    if (knownBrowser !== undefined) return [{ counter: browsers, key: knownBrowser }]
    const name = normalizeLogin(login)
    if (ip === undefined) return [{ counter: pairs, key: name }]
    const network = findNetwork(ip)
    return [
      { counter: pairs, key: JSON.stringify([name, network]) },
      { counter: names, key: name, isOthers: true },
      { counter: networks, key: network, isOthers: true },
    ]
  }

  return {
    guessPassword: (guesser, now) => begin(listCounted(guesser), now),
    guessFactor: (userId, now) => begin([{ counter: factors, key: userId }], now),
  }
}

async function begin(counted: readonly Counted[], now: EpochMs): Promise<Guess> {
  const waits = counted.map(({ counter, key }) => counter.waitSeconds(key, now))
  if (Math.max(...waits) > 0) return refuse(counted, waits)
  // Nothing is awaited before this, so that guesses sent at once are not all free.
  const begun = counted.map(({ counter, key, isOthers = false }) => ({
    ...counter.begin(key, now),
    isOthers,
  }))
  const claimed = await Promise.all(begun.map((attempt) => attempt.claim()))
  if (Math.max(...claimed) > 0) return refuse(counted, claimed)
  return {
    waitSeconds: 0,
    firstRefusal: false,
    async succeed() {
      await Promise.all(begun.map(({ succeed, isOthers }) => succeed(isOthers)))
    },
    async fail() {
      await Promise.all(begun.map(({ fail }) => fail()))
    },
  }
}

function refuse(counted: readonly Counted[], waits: readonly number[]): Guess {
  const waitSeconds = Math.max(...waits)
  const longest = counted[waits.indexOf(waitSeconds)]
  const firstRefusal = longest?.counter.noteRefusal(longest.key) ?? false
  return { waitSeconds, firstRefusal, succeed: async () => undefined, fail: async () => undefined }
}

/** One key for every spelling that a user would take for the same name. */
function normalizeLogin(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase()
}
