// Under which keys guesses are counted, so that guessing is slow but cannot lock out others.
//
// A browser with an earlier sign-in of the user has its own count. Every other browser counts three times: by typed
// name and network, by typed name, and by network. All unknown addresses count together: behind some proxies, a client can
// hide its address. Whether a name exists plays no role, so delays reveal neither which
// names exist nor which user name and address belong to the same user.
import {
  type AttemptCounter,
  type AttemptLimit,
  createAttemptCounter,
  findNetwork,
  type Sealing,
  type SharedAttempts,
} from '@crosswalk/as-core'
import { type EpochMs, foldName } from '@crosswalk/protocol'

const LONGEST_DELAY_SECONDS = 900
/** For unknown browsers, such as a user's new one, which must not be locked out for long. */
const LONGEST_DELAY_OF_A_NAME_SECONDS = 60
/** Names are attacked from many networks, and networks have many users, so both may fail more often. */
const FREE_FOR_MANY = 10

export interface Guesser {
  /** As typed */
  readonly login: string
  /** Undefined if unknown */
  readonly ip: string | undefined
  /** Identifies browser and user, if the user has signed in with it before */
  readonly knownBrowser: string | undefined
}

export interface Guess {
  /** 0: the guess may be checked, and counts as wrong until `succeed` */
  readonly waitSeconds: number
  /** Whether this is the first refusal during this delay */
  readonly firstRefusal: boolean
  /** Call and await either this or `fail` before responding. */
  succeed(): Promise<void>
  fail(): Promise<void>
}

export interface GuessLimits {
  guessPassword(guesser: Guesser, now: EpochMs): Promise<Guess>
  /** @param userId - a guesser of factors has the password, so the user is the key at all apps */
  guessFactor(userId: string, now: EpochMs): Promise<Guess>
}

interface Counted {
  readonly counter: AttemptCounter
  readonly key: string
  /** Shared by many users: a success undoes only its own attempt. */
  readonly isOthers?: true
}

export interface GuessLimitOptions {
  /** Failures before the first delay; 0 disables delays */
  readonly free: number
  /** Counts across all processes of the database; if absent, each process counts its own */
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
  // Short, because a proxy that is set up wrong hides the addresses of all users.
  const unknown = many('unknown', LONGEST_DELAY_OF_A_NAME_SECONDS)

  function listCounted({ login, ip, knownBrowser }: Guesser): readonly Counted[] {
    if (knownBrowser !== undefined) return [{ counter: browsers, key: knownBrowser }]
    const name = foldName(login)
    if (ip === undefined)
      return [
        { counter: pairs, key: name },
        { counter: unknown, key: '', isOthers: true },
      ]
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
  // Nothing yields before this point, so that parallel guesses do not all count as free.
  const begun = counted.map(({ counter, key, isOthers = false }) => ({
    ...counter.begin(key, now),
    isOthers,
  }))
  const claimed = await Promise.all(begun.map((attempt) => attempt.claim()))
  if (Math.max(...claimed) > 0) {
    await Promise.all(begun.filter((_, index) => claimed[index] === 0).map(({ undo }) => undo()))
    return refuse(counted, claimed)
  }
  return {
    waitSeconds: 0,
    firstRefusal: false,
    async succeed() {
      await Promise.all(begun.map(({ undo, forget, isOthers }) => (isOthers ? undo() : forget())))
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
