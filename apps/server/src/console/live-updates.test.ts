import { expect, it } from 'vitest'

import { createLiveUpdates } from './live-updates.ts'

async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string): Promise<string> {
  let text = ''
  while (!text.includes(wanted)) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`the stream ended after ${text}`)
    text += new TextDecoder().decode(value)
  }
  return text
}

it('says what changed, not what it changed to, and ends with the server', async () => {
  let definitions = '1'
  let seq = 1
  const live = createLiveUpdates({
    readDefinitions: () => definitions,
    readLogs: async () => new Map([['idp', seq]]),
    onFault: (fault) => expect.unreachable(String(fault)),
  })
  const response = live.open(async () => false)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = (response.body ?? expect.unreachable()).getReader()
  await readUntil(reader, 'event: ready')
  seq = 2
  expect(await readUntil(reader, 'data: {"')).toContain('data: {"definitions":false,"logs":["idp"]}')
  definitions = '2'
  expect(await readUntil(reader, 'data: {"')).toContain('data: {"definitions":true,"logs":[]}')
  live.close()
  expect((await reader.read()).done).toBe(true)
})
