// Replaces a credential by asterisks in the service's response. Otherwise a service that echoes requests would reveal
// it to the app. The length and all other bytes stay the same.

/** Shorter text would match by accident. */
const SHORTEST = 8
/** `\u0022` and `&quot;` */
const LONGEST_ESCAPE = 6
const SPECIAL = /[^A-Za-z0-9]/g
/** What `Headers` removes around a value */
const OUTER_SPACE = /^[\t\n\r ]+|[\t\n\r ]+$/g
/** A character of Base64 that also contains bits of the neighbouring text */
const SHARED = '[A-Za-z0-9+/_-]'
/** Also by name */
const ENTITIES: Readonly<Record<string, string>> = {
  '"': '&quot;',
  '&': '&amp;',
  "'": '&apos;',
  '<': '&lt;',
  '>': '&gt;',
  // In a form, not in HTML.
  ' ': String.raw`\+`,
}
/** What Base64url writes for a character of Base64 */
const BASE64URL: Readonly<Record<string, string>> = { '+': '-', '/': '_' }

export interface SecretMask {
  text(text: string): string
  /** For a byte stream with arbitrary chunk boundaries */
  stream(): TransformStream<Uint8Array, Uint8Array>
}

export function createSecretMask(secret: string): SecretMask {
  const forms = listForms(secret.replaceAll(OUTER_SPACE, ''))
  if (forms.length === 0) return { text: (text) => text, stream: () => new TransformStream() }
  const pattern = new RegExp(forms.map((form) => form.pattern).join('|'), 'gi')
  const longest = Math.max(...forms.map((form) => form.longest))
  const mask = (text: string) => text.replaceAll(pattern, toAsterisks)
  return {
    text: mask,
    stream() {
      // Latin-1: one character per byte, so that all bytes survive.
      let held = ''
      return new TransformStream({
        transform(chunk, controller) {
          const text = held + toLatin1(chunk)
          // A credential has no line feed, like every header. So each line, and each event of a stream, passes at once.
          let end = Math.max(text.length - longest + 1, text.lastIndexOf('\n') + 1)
          const masked = text.replaceAll(pattern, (found, at: number) => {
            // Held text must not begin inside a match.
            if (at < end) end = Math.max(end, at + found.length)
            return toAsterisks(found)
          })
          held = text.slice(end)
          controller.enqueue(fromLatin1(masked.slice(0, end)))
        },
        flush(controller) {
          controller.enqueue(fromLatin1(mask(held)))
        },
      })
    },
  }
}

function toAsterisks(found: string): string {
  return '*'.repeat(found.length)
}

interface Form {
  readonly pattern: string
  readonly longest: number
}

/** The secret as is, with any of its characters escaped as in URLs, JSON or HTML, and as Base64 */
function listForms(secret: string): readonly Form[] {
  const plain = secret.replaceAll(SPECIAL, (char) => String.raw`\x${toHex(char)}`)
  const escaped = secret.replaceAll(SPECIAL, renderEscapes)
  return [{ text: secret, pattern: plain }, { text: secret, pattern: escaped }, ...listBase64(secret)]
    .filter(({ text }) => text.length >= SHORTEST)
    .map(({ text, pattern }) => ({ pattern, longest: measureLongest(text) }))
}

/** With the two shared characters of Base64 */
function measureLongest(text: string): number {
  return text.length + 2 + (text.match(SPECIAL)?.length ?? 0) * (LONGEST_ESCAPE - 1)
}

/**
 * Base64 and Base64url of the secret inside a longer text, such as `user:secret`: after a multiple of three bytes, or
 * one or two bytes more.
 */
function listBase64(secret: string) {
  const bytes = new TextEncoder().encode(secret)
  return [0, 1, 2].map((before) => {
    const whole = btoa(String.fromCharCode(...new Uint8Array(before), ...bytes))
    const bits = (before + bytes.length) * 8
    const text = whole.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6))
    const pattern = text.replaceAll(SPECIAL, (char) => `(?:${renderEscapes(char)}|${BASE64URL[char]})`)
    return {
      text,
      pattern: `${before === 0 ? '' : `${SHARED}?`}${pattern}${bits % 6 === 0 ? '' : `${SHARED}?`}`,
    }
  })
}

/** @returns a pattern for everything that libraries write for this character */
function renderEscapes(char: string): string {
  const hex = toHex(char)
  const numbers = [`%${hex}`, String.raw`\\u00${hex}`, `&#(?:${parseInt(hex, 16)}|x${hex});`]
  // A backslash is never written as it is: it could then match in many ways, and a search could take forever.
  const plain = char === '\\' ? String.raw`\\\\` : String.raw`\\?\x${hex}`
  return `(?:${[plain, ...numbers, ENTITIES[char] ?? []].flat().join('|')})`
}

function toHex(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(2, '0')
}

function toLatin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}

function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at)
  return bytes
}
