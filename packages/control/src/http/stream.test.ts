import { expect, it } from 'vitest'

import { toStream } from './stream.ts'

it.each([
  ['reads it', async (reader: ReadableStreamDefaultReader) => void (await reader.read())],
  ['leaves', (reader: ReadableStreamDefaultReader) => reader.cancel()],
])('frees what a download holds, once, when the client %s', async (_, use) => {
  const freed: string[] = []
  async function* listChunks(): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.from('first')
    } finally {
      freed.push('its reader')
    }
  }
  const reader = toStream(listChunks(), () => freed.push('its place')).getReader()
  expect((await reader.read()).value).toEqual(Buffer.from('first'))
  await use(reader)
  expect(freed.toSorted()).toEqual(['its place', 'its reader'])
})
