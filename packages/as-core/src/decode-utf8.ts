/** @returns the text without a byte order mark; undefined for invalid UTF-8, which is never guessed at */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
