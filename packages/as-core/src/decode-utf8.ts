/** @returns the text without a byte order mark; undefined for bytes that are no UTF-8, of which nothing is guessed */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
