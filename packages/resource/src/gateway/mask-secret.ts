// Replaces a credential by asterisks in the service's response. Otherwise a service that echoes requests would reveal
// it to the app. The length and all other bytes stay the same.

/** Shorter text would match by accident. */
const SHORTEST = 8
/** `\u0022` and `&quot;` */
const LONGEST_ESCAPE = 6
const SPECIAL = /[^A-Za-z0-9]/g
/** Nothing escapes these (RFC 3986 section 2.3). */
const UNRESERVED = /[._~-]/
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

export interface SecretMask {
  text(text: string): string
  /** For a byte stream with arbitrary chunk boundaries */
  stream(): TransformStream<Uint8Array, Uint8Array>
}

export function createSecretMask(secret: string): SecretMask {
  const pattern = buildPattern(secret)
  const longest = secret.length * LONGEST_ESCAPE
  const mask = (text: string) =>
    pattern === undefined ? text : text.replaceAll(pattern, (found) => '*'.repeat(found.length))
  return {
    text: mask,
    stream() {
      // Latin-1: one character per byte, so that all bytes survive.
      let held = ''
      return new TransformStream({
        transform(chunk, controller) {
          const text = mask(held + toLatin1(chunk))
          const keep = Math.min(text.length, longest - 1)
          held = text.slice(text.length - keep)
          controller.enqueue(fromLatin1(text.slice(0, text.length - keep)))
        },
        flush(controller) {
          controller.enqueue(fromLatin1(mask(held)))
        },
      })
    },
  }
}

/** Matches the secret as is, as Base64, and with any of its characters escaped as in URLs, JSON or HTML. */
function buildPattern(secret: string): RegExp | undefined {
  const forms = [secret, toBase64(secret)]
    .filter((form) => form.length >= SHORTEST)
    .map((form) => form.replaceAll(SPECIAL, (char) => String.raw`\x${toHex(char)}`))
  const escaped = secret.length < SHORTEST ? [] : [secret.replaceAll(SPECIAL, renderEscapes)]
  return forms.length === 0 ? undefined : new RegExp([...forms, ...escaped].join('|'), 'gi')
}

/** @returns a pattern for everything that libraries write for this character */
function renderEscapes(char: string): string {
  const hex = toHex(char)
  if (UNRESERVED.test(char)) return String.raw`\x${hex}`
  const numbers = [`%${hex}`, String.raw`\\u00${hex}`, `&#(?:${parseInt(hex, 16)}|x${hex});`]
  // A backslash is never written as it is: it could then match in many ways, and a search could take forever.
  const plain = char === '\\' ? String.raw`\\\\` : String.raw`\\?\x${hex}`
  return `(?:${[plain, ...numbers, ENTITIES[char] ?? []].flat().join('|')})`
}

function toHex(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(2, '0')
}

function toBase64(secret: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(secret))).replace(/=+$/, '')
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
