// Replaces a credential by asterisks in the service's response. Otherwise a service that echoes requests would reveal
// it to the app. The length and all other bytes stay the same.

/** Shorter text would match by accident. */
const SHORTEST = 8
/** `\u0022` and `&quot;` */
const LONGEST_ESCAPE = 6
const SPECIAL = /[^A-Za-z0-9]/g
/** What `Headers` removes around a value */
const OUTER_SPACE = /^[\t\n\r ]+|[\t\n\r ]+$/g
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
/** Where MIME wraps Base64, as it is or in JSON */
const LINE_BREAK = String.raw`(?:\r?\n|(?:\\r)?\\n)?`
const LONGEST_BREAK = 4
/** The shortest line after which Base64 is wrapped: that of PEM */
const WRAPPED_AT = 64
const WRAPPED_LINE = new RegExp(`[A-Za-z0-9+/]{${WRAPPED_AT}}\\r?\\n$`)
/** Characters of Base64 that also contain bits of the neighbouring text */
const [SHARED_BEFORE, SHARED_AFTER] = [
  `(?:[A-Za-z0-9+/_-]${LINE_BREAK})?`,
  `(?:${LINE_BREAK}[A-Za-z0-9+/_-])?`,
]
/** What Base64url writes for a character of Base64 */
const BASE64URL: Readonly<Record<string, string>> = { '+': '-', '/': '_' }

export interface SecretMask {
  text(text: string): string
  /** For a byte stream with arbitrary chunk boundaries */
  stream(): TransformStream<Uint8Array, Uint8Array>
}

/** @param secrets - the credential, and parts of it that are secret by themselves */
export function createSecretMask(...secrets: readonly string[]): SecretMask {
  const forms = secrets.flatMap((secret) => listForms(secret.replaceAll(OUTER_SPACE, '')))
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
          // A credential has no line feed, like every header. So each line, and each event of a stream, passes at once,
          // except a line of wrapped Base64.
          const lines = text.slice(0, text.lastIndexOf('\n') + 1)
          let end = Math.max(text.length - longest + 1, WRAPPED_LINE.test(lines) ? 0 : lines.length)
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
  return found.replaceAll(/[^\r\n]/g, '*')
}

interface Form {
  readonly pattern: string
  readonly longest: number
}

/** The secret as is, with any of its characters escaped as in URLs, JSON or HTML, as hexadecimal digits, and as Base64 */
function listForms(secret: string): readonly Form[] {
  const plain = secret.replaceAll(SPECIAL, (char) => String.raw`\x${toHex(char)}`)
  const escaped = secret.replaceAll(SPECIAL, renderEscapes)
  const hex = [...new TextEncoder().encode(secret)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [
    { text: secret, pattern: plain },
    { text: secret, pattern: escaped },
    { text: hex, pattern: hex },
    ...listBase64(secret),
  ]
    .filter(({ text }) => text.length >= SHORTEST)
    .map(({ text, pattern }) => ({ pattern, longest: measureLongest(text) }))
}

/** With the two shared characters of Base64, and its line breaks */
function measureLongest(text: string): number {
  const breaks = Math.ceil((text.length + 2) / WRAPPED_AT)
  return text.length + 2 + (text.match(SPECIAL)?.length ?? 0) * (LONGEST_ESCAPE - 1) + breaks * LONGEST_BREAK
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
    const characters = [...text].map((char) =>
      char in BASE64URL ? `(?:${renderEscapes(char)}|${BASE64URL[char]})` : char,
    )
    const [first, last] = [before === 0 ? '' : SHARED_BEFORE, bits % 6 === 0 ? '' : SHARED_AFTER]
    return { text, pattern: first + characters.join(LINE_BREAK) + last }
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
