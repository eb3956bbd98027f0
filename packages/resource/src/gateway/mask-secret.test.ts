// A credential that a service sends back is masked in every encoding and across chunk boundaries; nothing else changes.
import { describe, expect, it } from 'vitest'

import { createSecretMask } from './mask-secret.ts'

const SECRET = 'sk-"live"/0123+4567='

async function pass(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })
  const masked = source.pipeThrough(createSecretMask(SECRET).stream())
  return new Uint8Array(await new Response(masked as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
}

const encode = (text: string) => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('the mask', () => {
  it.each([
    ['plain', SECRET],
    ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['in a URL', encodeURIComponent(SECRET)],
    ['as Base64', btoa(SECRET).replace(/=+$/, '')],
  ])('covers the secret %s, whatever the chunk boundaries', async (_, spelled) => {
    const whole = `before ${spelled} after`
    for (let size = 1; size <= whole.length; size += 1)
      expect(decode(await pass(encode(whole), size))).toBe(`before ${'*'.repeat(spelled.length)} after`)
  })

  it('leaves every other byte unchanged', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256)
    expect(await pass(bytes, 1000)).toEqual(bytes)
    expect(createSecretMask('short').text('short')).toBe('short')
    expect(createSecretMask('12345678').text('x12345678')).toBe('x********')
  })
})
