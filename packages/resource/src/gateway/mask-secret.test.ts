// A credential that a service sends back is masked in every encoding and across chunk boundaries; nothing else changes.
import { describe, expect, it } from 'vitest'

import { createSecretMask } from './mask-secret.ts'

const SECRET = 'sk-"live"/0123+4567='
/** JSON and HTML have several escapes of the same character, and libraries choose different ones. */
const [PHP, NET, GO, MUSTACHE] = [
  String.raw`sk-\"live\"\/0123+4567=`,
  String.raw`sk-\u0022live\u0022/0123\u002B4567=`,
  'sk-&#34;live&#34;/0123&#43;4567=',
  'sk-&quot;live&quot;&#x2F;0123+4567&#x3D;',
]

async function pass(bytes: Uint8Array, size: number, secret = SECRET): Promise<Uint8Array> {
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })
  const masked = source.pipeThrough(createSecretMask(secret).stream())
  return new Uint8Array(await new Response(masked as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
}

const encode = (text: string) => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('the mask', () => {
  it.each([
    ['plain', SECRET],
    ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['in a URL', encodeURIComponent(SECRET)],
    [
      'in a URL with small letters',
      encodeURIComponent(SECRET).replaceAll(/%../g, (one) => one.toLowerCase()),
    ],
    ['in a form', new URLSearchParams({ SECRET }).toString().slice('SECRET='.length)],
    ['in JSON by PHP', PHP],
    ['in JSON by .NET', NET],
    ['in HTML by Go', GO],
    ['in HTML by Mustache', MUSTACHE],
    ['as Base64', btoa(SECRET).replace(/=+$/, '')],
  ])('covers the secret %s, whatever the chunk boundaries', async (_, spelled) => {
    const whole = `before ${spelled} after`
    for (let size = 1; size <= whole.length; size += 1)
      expect(decode(await pass(encode(whole), size))).toBe(`before ${'*'.repeat(spelled.length)} after`)
  })

  it.each([
    ['in HTML', '&quot;&amp;&apos;&lt;&gt;&quot;&amp;&apos;'],
    ['in JSON', String.raw`\u0022\u0026\u0027\u003c\u003E\u0022\u0026\u0027`],
  ])(
    'covers a secret of which every character is escaped %s, whatever the chunk boundaries',
    async (_, spelled) => {
      const whole = `before ${spelled} after`
      for (let size = 1; size <= whole.length; size += 1)
        expect(decode(await pass(encode(whole), size, `"&'<>"&'`))).toBe(
          `before ${'*'.repeat(spelled.length)} after`,
        )
    },
  )

  it('covers a text of at least 8 characters: the Base64 of a shorter secret, with or without padding', () => {
    const { text } = createSecretMask('shorter')
    expect(text('shorter c2hvcnRlcg== c2hvcnRlcg')).toBe(`shorter ${'*'.repeat(10)}== ${'*'.repeat(10)}`)
  })

  it('leaves every other byte unchanged', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256)
    expect(await pass(bytes, 1000)).toEqual(bytes)
    expect(createSecretMask('short').text('short')).toBe('short')
    expect(createSecretMask('12345678').text('x12345678')).toBe('x********')
  })

  it.each([String.raw`a \\ and a \ b`, 'key with spaces & more', 'p%25q%r%2bs+t', "o'clock `<x>`"])(
    'covers %s',
    (secret) => {
      const { text } = createSecretMask(secret)
      const spellings = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]
      for (const spelled of spellings) expect(text(`<${spelled}>`)).toBe(`<${'*'.repeat(spelled.length)}>`)
    },
  )

  it.each([
    [String.raw`${'\\'.repeat(40)}x`, '\\'],
    ['%25'.repeat(40), '%25'],
  ])('has one way to match each character of a secret full of escapes', (secret, unit) => {
    const answer = unit.repeat(39)
    expect(createSecretMask(secret).text(answer)).toBe(answer)
  })
})
