// A credential that a service sends back is masked in every encoding and across chunk boundaries; nothing else changes.
import { describe, expect, it } from 'vitest'

import { createSecretMask } from './mask-secret.ts'

const SECRET = 'sk-"live"/0123+4567='
/** Its Base64 has `+` and `/` after any number of bytes. */
const TRICKY = '>k>??>~>??k>>?'
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

const toBase64url = (text: string) => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
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
    ['as hexadecimal digits', Buffer.from(SECRET).toString('hex')],
    ['as large hexadecimal digits', Buffer.from(SECRET).toString('hex').toUpperCase()],
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

  it.each(
    ['', 'u', 'us', 'user'].flatMap((before) =>
      ['', 'x', 'xy'].flatMap((after) => [
        [before, after, 'Base64', btoa],
        [before, after, 'Base64url', toBase64url],
      ]),
    ) as readonly (readonly [string, string, string, (text: string) => string])[],
  )(
    'covers the secret between "%s" and "%s" as %s, whatever the chunk boundaries',
    async (before, after, _, toText) => {
      const [start, end] = [before.length * 8, (before.length + TRICKY.length) * 8]
      const whole = toText(`${before}${TRICKY}${after}`)
      // Each character has six bits: those with any bit of the secret.
      const [first, last] = [Math.floor(start / 6), Math.ceil(end / 6)]
      const masked = `${whole.slice(0, first)}${'*'.repeat(last - first)}${whole.slice(last)}`
      for (let size = 1; size <= whole.length; size += 1)
        expect(decode(await pass(encode(`"${whole}"`), size, TRICKY))).toBe(`"${masked}"`)
    },
  )

  it.each([
    ['in a URL', encodeURIComponent],
    ['in JSON by PHP', (text: string) => text.replaceAll('/', String.raw`\/`)],
  ])('covers Base64 of the secret %s, whatever the chunk boundaries', async (_, toText) => {
    const whole = toText(btoa(TRICKY).replace(/=+$/, ''))
    for (let size = 1; size <= whole.length; size += 1)
      expect(decode(await pass(encode(`"${whole}"`), size, TRICKY))).toBe(`"${'*'.repeat(whole.length)}"`)
  })

  it.each([
    ['lines of 64 characters', 64, '\n'],
    ['lines of 76 characters', 76, '\r\n'],
    ['lines in JSON', 76, String.raw`\r\n`],
    ['lines in JSON by Python', 76, String.raw`\n`],
  ])('covers Base64 of the secret in %s, whatever the chunk boundaries', async (_, width, lineBreak) => {
    const wrap = (text: string) => text.match(new RegExp(`.{1,${width}}`, 'g'))?.join(lineBreak) ?? ''
    // The secret has 19 characters, and the line ends after each of them once.
    for (const at of [44, 48, 52, 56, 60, 64, 68, 72].filter((place) => place < width)) {
      const text = btoa(`${'x'.repeat((at / 4) * 3)}${TRICKY}${'y'.repeat(60)}`)
      const [before, secret, after] = [text.slice(0, at), text.slice(at, at + 19), text.slice(at + 19)]
      const whole = wrap(text)
      const masked = wrap(`${before}${secret.replaceAll(/./g, '*')}${after}`)
      const between = new RegExp(`(?<=\\*)${lineBreak.replaceAll('\\', '\\\\')}(?=\\*)`)
      const hidden = masked.replace(between, (found) => found.replaceAll(/[^\r\n]/g, '*'))
      for (let size = 1; size <= whole.length; size += 1)
        expect(decode(await pass(encode(whole), size, TRICKY))).toBe(hidden)
    }
  })

  it('covers the secret as it is sent, without white space around it', () => {
    expect(createSecretMask(' key-0123 \n').text('Bearer key-0123')).toBe(`Bearer ${'*'.repeat(8)}`)
  })

  it('covers a secret whose tilde and hyphen are escaped', () => {
    const { text } = createSecretMask('key-0123~45')
    const spellings = ['key-0123%7E45', String.raw`key\u002D0123~45`]
    expect(spellings.map(text)).toEqual(spellings.map((spelled) => '*'.repeat(spelled.length)))
  })

  it('passes each event of a stream at once', async () => {
    const { readable, writable } = createSecretMask(SECRET).stream()
    const [reader, writer] = [readable.getReader(), writable.getWriter()]
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      void writer.write(encode(event))
      expect(decode((await reader.read()).value ?? new Uint8Array())).toBe(event)
    }
  })

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
