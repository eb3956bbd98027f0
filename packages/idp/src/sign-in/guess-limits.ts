// Under which keys guesses are counted, so that guessing is slow and no one locks others out by it.
//
// A browser that the user has signed in with before is counted alone. Every other browser is counted three times: by typed name
// at their network, by typed name, and by network. What a name stands for plays no part, so known and unknown names, and
// the user name and the address of one user, cannot be told apart by their delays.
import { type Attempts, createAttempts, findNetwork } from '@crosswalk/as-core'
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
  succeed(): void
}

export interface GuessLimits {
  guessPassword(guesser: Guesser, now: EpochMs): Guess
  /** @param userId - a guesser has the password by now, so the user is the key at every app */
  guessFactor(userId: string, now: EpochMs): Guess
}

interface Counted {
  readonly attempts: Attempts
  readonly key: string
  /** Shared by many: a success takes its own attempt back and leaves those of others. */
  readonly shared?: true
}

/** @param free - failures before the first delay; 0 switches delays off */
export function createGuessLimits(free: number): GuessLimits {
  const own = () => createAttempts({ free, longestDelaySeconds: LONGEST_DELAY_SECONDS })
  const many = (longestDelaySeconds: number) =>
    createAttempts({ free: free * FREE_FOR_MANY, longestDelaySeconds })
  const [browsers, pairs, factors] = [own(), own(), own()]
  const names = many(LONGEST_DELAY_OF_A_NAME_SECONDS)
  const networks = many(LONGEST_DELAY_SECONDS)

  function listCounted({ login, ip, knownBrowser }: Guesser): readonly Counted[] {
    if (knownBrowser !== undefined) return [{ attempts: browsers, key: knownBrowser }]
    const name = normalizeLogin(login)
    if (ip === undefined) return [{ attempts: pairs, key: name }]
    const network = findNetwork(ip)
    return [
      { attempts: pairs, key: JSON.stringify([name, network]) },
      { attempts: names, key: name, shared: true },
      { attempts: networks, key: network, shared: true },
    ]
  }

  return {
    guessPassword: (guesser, now) => begin(listCounted(guesser), now),
    guessFactor: (userId, now) => begin([{ attempts: factors, key: userId }], now),
  }
}

function begin(counted: readonly Counted[], now: EpochMs): Guess {
  const waits = counted.map(({ attempts, key }) => attempts.waitSeconds(key, now))
  const waitSeconds = Math.max(...waits)
  if (waitSeconds > 0) {
    const longest = counted[waits.indexOf(waitSeconds)]
    const firstRefusal = longest?.attempts.noteRefusal(longest.key) ?? false
    return { waitSeconds, firstRefusal, succeed: () => undefined }
  }
  for (const { attempts, key } of counted) attempts.add(key, now)
  return {
    waitSeconds,
    firstRefusal: false,
    succeed() {
      for (const { attempts, key, shared } of counted)
        if (shared === true) attempts.takeBack(key)
        else attempts.forget(key)
    },
  }
}

/** One key for every spelling that a user would take for the same name. */
function normalizeLogin(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase()
}
