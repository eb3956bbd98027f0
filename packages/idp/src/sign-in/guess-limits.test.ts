import { randomBytes } from 'node:crypto'

import { createSealing, type Failures, type SharedAttempts } from '@crosswalk/as-core'
import { describe, expect, test } from 'vitest'

import { createGuessLimits, type Guesser, type GuessLimits } from './guess-limits.ts'

const HERE = '192.0.2.7'
const stranger = (login: string, ip: string | undefined = HERE): Guesser => ({
  login,
  ip,
  knownBrowser: undefined,
})
const known = (login: string): Guesser => ({ login, ip: HERE, knownBrowser: 'usr_alice browser' })

const sealing = createSealing(randomBytes(32))
const createLimits = (free: number, shared?: SharedAttempts) => createGuessLimits({ free, shared, sealing })

async function fail(limits: GuessLimits, guesser: Guesser, times: number, now = 0): Promise<void> {
  for (let time = 0; time < times; time += 1) await waitOf(limits, guesser, now)
}
/** Makes a wrong guess. @returns the seconds to wait; 0 if the guess was checked */
async function waitOf(limits: GuessLimits, guesser: Guesser, now = 0): Promise<number> {
  const guess = await limits.guessPassword(guesser, now)
  await guess.fail()
  return guess.waitSeconds
}

describe('a single name', () => {
  test.each([
    ['upper case', 'ALICE@ACME.TEST'],
    ['mixed case', 'Alice@Acme.Test'],
    ['full-width letters', 'ａｌｉｃｅ@acme.test'],
    ['blanks around it', ' alice@acme.test\t'],
  ])('has one count, even in %s', async (_, spelling) => {
    const limits = createLimits(2)
    await fail(limits, stranger('alice@acme.test'), 2)
    expect(await waitOf(limits, stranger(spelling))).toBe(1)
    expect(await waitOf(limits, stranger('alice'))).toBe(0)
  })

  test('composed and decomposed letters are one name', async () => {
    const limits = createLimits(1)
    await fail(limits, stranger('zo\u00eb'), 1)
    expect(await waitOf(limits, stranger('zoe\u0308'))).toBe(1)
  })
})

describe('a stranger', () => {
  test('does not delay users in other networks', async () => {
    const limits = createLimits(2)
    await fail(limits, stranger('alice'), 5)
    expect(await waitOf(limits, stranger('alice'))).toBe(1)
    expect(await waitOf(limits, stranger('alice', '198.51.100.1'))).toBe(0)
  })

  test('does not delay browsers with an earlier sign-in, which have their own count', async () => {
    const limits = createLimits(2)
    for (let network = 0; network < 40; network += 1)
      await fail(limits, stranger('alice', `203.0.113.${network}`), 2)
    expect(await waitOf(limits, stranger('alice', '198.51.100.1'))).toBeGreaterThan(0)
    for (const wait of [0, 0, 1]) expect(await waitOf(limits, known('alice'))).toBe(wait)
  })

  test('delays a name by at most a minute, from however many networks', async () => {
    const limits = createLimits(1)
    let now = 0
    for (let network = 0; network < 200; network += 1) {
      const guesser = stranger('alice', `203.0.113.${network}`)
      now += (await waitOf(limits, guesser, now)) * 1000
      await fail(limits, guesser, 1, now)
    }
    expect(await waitOf(limits, stranger('alice', '198.51.100.1'), now)).toBe(60)
  })

  test('is delayed by network when trying many names', async () => {
    const limits = createLimits(2)
    for (let name = 0; name < 20; name += 1) await fail(limits, stranger(`name-${name}`), 1)
    expect(await waitOf(limits, stranger('one-more'))).toBe(1)
    expect(await waitOf(limits, stranger('one-more', '198.51.100.1'))).toBe(0)
  })

  test('gains nothing from the many addresses of an IPv6 network', async () => {
    const limits = createLimits(2)
    for (let host = 0; host < 20; host += 1)
      await fail(limits, stranger(`name-${host}`, `2001:db8:0:1::${host + 1}`), 1)
    expect(await waitOf(limits, stranger('one-more', '2001:db8:0:1:ffff::1'))).toBe(1)
    expect(await waitOf(limits, stranger('one-more', '2001:db8:0:2::1'))).toBe(0)
  })
})

describe('a correct password', () => {
  test('clears the count of the name there, but only its own share of common counts', async () => {
    const limits = createLimits(1)
    for (let name = 0; name < 9; name += 1) await fail(limits, stranger(`name-${name}`), 1)
    await (await limits.guessPassword(stranger('alice'), 0)).succeed()
    expect(await waitOf(limits, stranger('alice'))).toBe(0)
    expect(await waitOf(limits, stranger('bob'))).toBe(1)
  })

  test('does not delay the other users of the network', async () => {
    const limits = createLimits(1)
    for (let name = 0; name < 10; name += 1) await fail(limits, stranger(`name-${name}`), 1)
    expect(await waitOf(limits, stranger('bob'), 999)).toBe(1)
    await (await limits.guessPassword(stranger('alice'), 1000)).succeed()
    expect(await waitOf(limits, stranger('bob'), 1000)).toBe(0)
    // Unlike a failure
    expect(await waitOf(limits, stranger('carol'), 1000)).toBe(2)
  })

  test.each([
    [3_599_999, 2],
    [3_600_000, 0],
  ])('%i ms after the last failure in its network does not extend its hour', async (later, wait) => {
    const limits = createLimits(1)
    for (let name = 0; name < 10; name += 1) await fail(limits, stranger(`name-${name}`), 1)
    await (await limits.guessPassword(stranger('alice'), later - 1)).succeed()
    expect(await waitOf(limits, stranger('bob'), later)).toBe(0)
    expect(await waitOf(limits, stranger('carol'), later)).toBe(wait)
  })

  test('that is being checked delays the other users of the network', async () => {
    const limits = createLimits(1)
    for (let name = 0; name < 10; name += 1) await fail(limits, stranger(`name-${name}`), 1)
    const alice = await limits.guessPassword(stranger('alice'), 1000)
    expect(await waitOf(limits, stranger('bob'), 1000)).toBe(2)
    await alice.succeed()
    expect(await waitOf(limits, stranger('bob'), 1000)).toBe(0)
  })
})

test('guesses of second factors are counted by user', async () => {
  const limits = createLimits(1)
  expect((await limits.guessFactor('usr_alice', 0)).waitSeconds).toBe(0)
  expect((await limits.guessFactor('usr_alice', 0)).waitSeconds).toBe(1)
  expect((await limits.guessFactor('usr_bob', 0)).waitSeconds).toBe(0)
})

describe('from an unknown address', () => {
  const nowhere = (login: string): Guesser => ({ ...stranger(login), ip: undefined })
  /** One free failure less than all together have. */
  async function spray(): Promise<GuessLimits> {
    const limits = createLimits(1)
    for (let name = 0; name < 9; name += 1) expect(await waitOf(limits, nowhere(`name-${name}`))).toBe(0)
    return limits
  }

  test('names are counted', async () => {
    const limits = createLimits(1)
    for (const wait of [0, 1]) expect(await waitOf(limits, nowhere('alice'))).toBe(wait)
    expect(await waitOf(limits, nowhere('bob'))).toBe(0)
  })

  test('many names together wait at most a minute', async () => {
    const limits = await spray()
    expect(await waitOf(limits, nowhere('alice'))).toBe(0)
    expect(await waitOf(limits, nowhere('bob'))).toBe(1)
    let now = 0
    for (let name = 10; name < 30; name += 1)
      expect(await waitOf(limits, nowhere(`name-${name}`), (now += 60_000))).toBe(0)
    expect(await waitOf(limits, nowhere('bob'), now)).toBe(60)
  })

  test('many names delay neither a known address nor a known browser', async () => {
    const limits = await spray()
    await fail(limits, nowhere('alice'), 1)
    expect(await waitOf(limits, nowhere('bob'))).toBe(1)
    expect(await waitOf(limits, stranger('bob'))).toBe(0)
    expect(await waitOf(limits, { ...known('alice'), ip: undefined })).toBe(0)
  })

  test('a right password undoes only its own attempt', async () => {
    const limits = await spray()
    await (await limits.guessPassword(nowhere('alice'), 0)).succeed()
    expect(await waitOf(limits, nowhere('alice'))).toBe(0)
    expect(await waitOf(limits, nowhere('bob'))).toBe(1)
  })
})

describe('several processes', () => {
  /** Behaves like a database, and records all writes. */
  function createStore() {
    const rows = new Map<string, Failures>()
    const writes: string[] = []
    const set = (act: string, key: string, row: Failures) => {
      writes.push(act)
      rows.set(key, row)
      return row
    }
    const store: SharedAttempts = {
      async find(key) {
        const row = rows.get(key)
        return row && { ...row, version: row.lastMs }
      },
      add: async (key, lastMs) => set('add', key, { count: (rows.get(key)?.count ?? 0) + 1, lastMs }),
      async claim(key, known, lastMs) {
        const row = rows.get(key)
        if (row?.count !== known.count || row.lastMs !== known.version) return false
        return set('claim', key, { count: known.count + 1, lastMs }) !== undefined
      },
      async takeBack(key, known) {
        const row = rows.get(key)
        if (row === undefined) return
        const lastMs = row.count - 1 === known?.count ? known.version : row.lastMs
        set('takeBack', key, { count: row.count - 1, lastMs })
      },
      async forget(key) {
        writes.push('forget')
        rows.delete(key)
      },
    }
    return { store, rows, writes }
  }
  function startTwo(free: number) {
    const { store, ...seen } = createStore()
    return { ...seen, one: createLimits(free, store), other: createLimits(free, store) }
  }
  const succeed = async (limits: GuessLimits, guesser: Guesser, now = 0) => {
    const guess = await limits.guessPassword(guesser, now)
    await guess.succeed()
    return guess.waitSeconds
  }

  test('allow as many failures of a name as one process, plus one for each that has not learned of them', async () => {
    const { one, other } = startTwo(5)
    const waits = []
    for (let round = 0; round < 5; round += 1)
      for (const limits of [one, other]) waits.push(await waitOf(limits, stranger('alice')))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(6)
    expect(waits.slice(6).every((wait) => wait > 0)).toBe(true)
  })

  test('check one of several concurrent guesses at the end of a delay', async () => {
    const { one, other } = startTwo(2)
    await fail(one, stranger('alice'), 2)
    await fail(other, stranger('alice'), 2)
    const waits = await Promise.all(
      [one, other, one, other].map((limits) => waitOf(limits, stranger('alice'), 10_000)),
    )
    expect(waits.filter((wait) => wait === 0)).toHaveLength(1)
    // The others have to wait after it.
    expect(waits.filter((wait) => wait > 0)).toHaveLength(3)
  })

  test('increase the delay together', async () => {
    const { one, other } = startTwo(1)
    await fail(one, stranger('alice'), 1)
    await fail(other, stranger('alice'), 1)
    let now = 0
    for (const wait of [2, 4, 8, 16]) {
      const [limits, next] = wait === 2 || wait === 8 ? [one, other] : [other, one]
      now += 20_000
      expect(await waitOf(limits, stranger('alice'), now)).toBe(0)
      expect(await waitOf(next, stranger('alice'), now)).toBe(wait * 2)
    }
  })

  test('count second factors by user', async () => {
    const { one, other } = startTwo(1)
    for (const limits of [one, other]) await (await limits.guessFactor('usr_alice', 0)).fail()
    for (const limits of [one, other])
      expect((await limits.guessFactor('usr_alice', 500)).waitSeconds).toBeGreaterThan(0)
    expect((await other.guessFactor('usr_bob', 500)).waitSeconds).toBe(0)
  })

  test('write once per count of a failure, and nothing for a success without earlier failures', async () => {
    const { one, writes } = startTwo(2)
    expect(await succeed(one, stranger('alice'))).toBe(0)
    expect(writes).toEqual([])
    await fail(one, stranger('alice'), 1)
    expect(writes).toEqual(['add', 'add', 'add'])
    await fail(one, known('alice'), 1)
    expect(writes).toEqual(['add', 'add', 'add', 'add'])
  })

  test('write nothing for delayed guesses', async () => {
    const { one, writes } = startTwo(1)
    await fail(one, known('alice'), 1)
    await fail(one, known('alice'), 50)
    expect(writes).toEqual(['add'])
  })

  test.each([
    ['that caused a delay', 2],
    ['that caused none yet', 3],
  ])(
    'after a correct password forget the failures %s in its network, and keep the common counts',
    async (_, free) => {
      const { one, other, rows } = startTwo(free)
      await fail(one, stranger('alice'), 2)
      expect(await succeed(one, stranger('alice'), 5000)).toBe(0)
      expect([...rows.values()].map(({ count }) => count)).toEqual([2, 2])
      expect(await waitOf(other, stranger('alice'), 5000)).toBe(0)
    },
  )

  test('delay no other user after a correct password', async () => {
    const { one, other } = startTwo(1)
    for (let name = 0; name < 10; name += 1) await fail(one, stranger(`name-${name}`), 1)
    expect(await waitOf(other, stranger('bob'))).toBe(0)
    expect(await succeed(one, stranger('alice'), 2000)).toBe(0)
    for (const limits of [one, other]) expect(await succeed(limits, stranger('bob'), 2000)).toBe(0)
  })

  test('do not count a guess that one count refused in any other', async () => {
    const { one, other, rows } = startTwo(1)
    for (let network = 0; network < 10; network += 1)
      await fail(one, stranger('alice', `203.0.113.${network}`), 1)
    await fail(other, stranger('alice'), 1)
    expect(await waitOf(one, stranger('alice', '198.51.100.1'), 2000)).toBe(0)
    const before = new Map(rows)
    // Here, only the name must wait, and only according to the failure at the other process.
    expect(await waitOf(other, stranger('alice'), 2500)).toBe(4)
    expect(rows).toEqual(before)
    // Waiting as long as requested suffices.
    expect(await waitOf(other, stranger('alice'), 6500)).toBe(0)
  })

  test('write nothing if delays are disabled', async () => {
    const { one, writes } = startTwo(0)
    await fail(one, stranger('alice'), 20)
    expect(await succeed(one, stranger('alice'))).toBe(0)
    expect(writes).toEqual([])
  })

  test('store no names in the clear, because users type passwords there', async () => {
    const { one, rows } = startTwo(2)
    await fail(one, stranger('correct horse'), 1)
    expect(rows.size).toBe(3)
    for (const key of rows.keys()) expect(key).toMatch(/^[\w-]{43}$/)
  })
})
