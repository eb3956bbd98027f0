import { expect, test } from 'vitest'

import { runSteps, type Step, type StepReport } from './run-steps.ts'

function stepOf(name: string, passed: boolean, until?: Promise<void>): Step {
  return { name, run: async () => (await until, { passed, output: `output of ${name}` }) }
}

async function run(steps: Step[], concurrency = 2) {
  const told: StepReport[] = []
  const reports = await runSteps(steps, { concurrency, nowMs: () => 0, tell: (report) => told.push(report) })
  return { told, reports }
}

test('continues after a failure and reports everything, in order', async () => {
  const { told, reports } = await run([stepOf('a', true), stepOf('b', false), stepOf('c', true)])
  expect(told.map(({ name, passed }) => [name, passed])).toEqual([
    ['a', true],
    ['b', false],
    ['c', true],
  ])
  expect(told).toEqual(reports)
})

test('reports a quick step only after the slow one before it', async () => {
  const slow = Promise.withResolvers<void>()
  const steps = [
    stepOf('slow', true, slow.promise),
    { ...stepOf('quick', true), run: async () => (slow.resolve(), { passed: true, output: '' }) },
  ]
  expect((await run(steps)).told.map((it) => it.name)).toEqual(['slow', 'quick'])
})

test('never exceeds the concurrency', async () => {
  let running = 0
  let most = 0
  const steps = Array.from({ length: 6 }, (_, index) => ({
    name: `${index}`,
    run: async () => {
      most = Math.max(most, ++running)
      await Promise.resolve()
      running--
      return { passed: true, output: '' }
    },
  }))
  await run(steps)
  expect(most).toBe(2)
})

test('counts a step that throws as failed, with its reason', async () => {
  const broken = { name: 'broken', run: () => Promise.reject(new Error('no such file')) }
  expect((await run([broken, stepOf('next', true)])).told).toMatchObject([
    { name: 'broken', passed: false, output: 'Error: no such file' },
    { name: 'next', passed: true },
  ])
})
