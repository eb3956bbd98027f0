import { expect, it } from 'vitest'

import { createCleanUp } from './clean-up.ts'

it('undoes each thing once, one at a time, last first', async () => {
  const cleanUp = createCleanUp()
  const undone: string[] = []
  cleanUp.defer(() => undone.push('first'))
  cleanUp.defer(async () => {
    await Promise.resolve()
    undone.push('second')
  })
  await Promise.all([cleanUp.run(), cleanUp.run()])
  expect(undone).toEqual(['second', 'first'])
})

it('continues after a failure, and throws it', async () => {
  const cleanUp = createCleanUp()
  const undone: string[] = []
  const failure = new Error('no')
  cleanUp.defer(() => undone.push('first'))
  cleanUp.defer(() => Promise.reject(failure))
  await expect(cleanUp.run()).rejects.toBe(failure)
  expect(undone).toEqual(['first'])
})

it('throws every failure of several', async () => {
  const cleanUp = createCleanUp()
  const failures = [new Error('one'), new Error('other')]
  for (const failure of failures) cleanUp.defer(() => Promise.reject(failure))
  await expect(cleanUp.run()).rejects.toMatchObject({ errors: failures.toReversed() })
})
