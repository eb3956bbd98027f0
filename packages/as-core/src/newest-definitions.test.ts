// A decision by outdated definitions is made once more; without end of changes it is made all the same.
import { expect, test } from 'vitest'

import { answerByNewest } from './newest-definitions.ts'

const ANSWER = { http: 200, body: {} }

/** @param outdated - how many attempts in a row meet a newer revision */
function world(outdated: number) {
  const waited: number[] = []
  const compared: boolean[] = []
  const attempt = async (compares: boolean) => {
    compared.push(compares)
    return compares && compared.length <= outdated ? { changedAt: compared.length } : ANSWER
  }
  return { waited, compared, attempt, untilDefined: async (revision: number) => void waited.push(revision) }
}

test.each([
  [0, [true], []],
  [1, [true, true], [1]],
  [4, [true, true, true, true, true], [1, 2, 3, 4]],
  [5, [true, true, true, true, true, false], [1, 2, 3, 4, 5]],
])(
  'after %i changes it is decided as often, each time by what is in force',
  async (outdated, compared, waited) => {
    const seen = world(outdated)
    expect(await answerByNewest(seen.untilDefined, seen.attempt)).toBe(ANSWER)
    expect(seen).toMatchObject({ compared, waited })
  },
)

test('compares nothing where nobody else changes definitions', async () => {
  const seen = world(1)
  expect(await answerByNewest(undefined, seen.attempt)).toBe(ANSWER)
  expect(seen.compared).toEqual([false])
})
