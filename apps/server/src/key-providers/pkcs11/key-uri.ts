// PKCS#11 URIs (RFC 7512) in the form used here: the token by label, and the key by id.

export interface KeyPlace {
  readonly token: string
  readonly id: Buffer
}

export function renderKeyUri({ token, id }: KeyPlace): string {
  const bytes = [...id].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('')
  return `pkcs11:token=${encodeURIComponent(token)};id=${bytes};type=private`
}

/** @throws TypeError for a URI in any other form */
export function parseKeyUri(uri: string): KeyPlace {
  const [, token, id] = /^pkcs11:token=([^;]+);id=((?:%[0-9A-F]{2})+);type=private$/.exec(uri) ?? []
  if (token === undefined || id === undefined) throw new TypeError(`not a URI of a key in a token: ${uri}`)
  return { token: decodeURIComponent(token), id: Buffer.from(id.replaceAll('%', ''), 'hex') }
}
