// Client authentication by HTTP Basic; both parts are form-encoded first (RFC 6749 section 2.3.1).

export function basicAuthorization({ id, secret }: { readonly id: string; readonly secret: string }): string {
  const credentials = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}
