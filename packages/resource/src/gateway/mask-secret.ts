// Replaces a credential by asterisks in the service's response. Otherwise a service that echoes requests would reveal
// it to the app. The length and all other bytes stay the same.

/** Shorter text would match by accident. */
const SHORTEST = 8

export interface SecretMask {
  text(text: string): string
  /** For a byte stream with arbitrary chunk boundaries */
  stream(): TransformStream<Uint8Array, Uint8Array>
}

export function createSecretMask(secret: string): SecretMask {
  const needles = [...new Set([secret, encodeURIComponent(secret), toBase64(secret), escapeJson(secret)])]
    .filter((needle) => needle.length >= SHORTEST)
    .toSorted((one, other) => other.length - one.length)
  const longest = needles[0]?.length ?? 1
  const mask = (text: string) =>
    needles.reduce((masked, needle) => masked.replaceAll(needle, '*'.repeat(needle.length)), text)
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

function toBase64(secret: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(secret))).replace(/=+$/, '')
}

function escapeJson(secret: string): string {
  return JSON.stringify(secret).slice(1, -1)
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
