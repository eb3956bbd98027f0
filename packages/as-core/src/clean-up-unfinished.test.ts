// A failure or a signal cleans up; the signal then ends the process as without a handler.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

import { cleanUpUnfinished } from './clean-up-unfinished.ts'

const MODULE = fileURLToPath(new URL('./clean-up-unfinished.ts', import.meta.url))

/** @returns what the program printed, and the signal that ended it after it was sent */
async function send(signal: NodeJS.Signals, program: string) {
  const script = `
    import { cleanUpUnfinished } from ${JSON.stringify(MODULE)}
    const wait = () => new Promise((done) => setTimeout(done, 60_000))
    ${program}`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (text) => {
    out += String(text)
    if (out.endsWith('ready\n')) child.kill(signal)
  })
  const [, endedBy] = await once(child, 'close')
  return { out, endedBy }
}

const CLEAN = `() => console.log('cleaned')`
const WORK = `async () => { console.log('ready'); await wait() }`

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s cleans up during the work', async (signal) => {
  const ended = await send(signal, `await cleanUpUnfinished(${CLEAN}, ${WORK})`)
  expect(ended).toEqual({ out: 'ready\ncleaned\n', endedBy: signal })
})

it('cleans up each of two that are nested', async () => {
  const inner = `() => cleanUpUnfinished(${CLEAN}, ${WORK})`
  const ended = await send('SIGINT', `await cleanUpUnfinished(${CLEAN}, ${inner})`)
  expect(ended).toEqual({ out: 'ready\ncleaned\ncleaned\n', endedBy: 'SIGINT' })
})

it('ends the process also if it cannot clean up', async () => {
  const ended = await send('SIGINT', `await cleanUpUnfinished(() => { throw new Error('no') }, ${WORK})`)
  expect(ended).toEqual({ out: 'ready\n', endedBy: 'SIGINT' })
})

it('cleans up after a failure, which the caller gets', async () => {
  const steps: string[] = []
  const fail = () => Promise.reject(new Error('no disk'))
  await expect(cleanUpUnfinished(() => void steps.push('cleaned'), fail)).rejects.toThrow('no disk')
  expect(steps).toEqual(['cleaned'])
})

it('does nothing once the work has ended', async () => {
  const program = `await cleanUpUnfinished(${CLEAN}, async () => {}); console.log('ready'); await wait()`
  expect(await send('SIGINT', program)).toEqual({ out: 'ready\n', endedBy: 'SIGINT' })
})
