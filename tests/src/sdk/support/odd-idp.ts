// An identity provider that is odd in every way the drafts let it be, or that products are known for: no metadata but a page,
// keys without `kid`, answers without `expires_in` and `scope`, a token type in lower case.
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export interface OddIdp {
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly jwks: { readonly keys: Record<string, unknown>[] }
  readonly fetch: (request: Request) => Promise<Response>
  /** Of token requests */
  readonly forms: URLSearchParams[]
}

export async function createOddIdp(grant: {
  readonly clientId: string
  readonly nowMs: () => number
  /** Where it is; unless given, nowhere but in a test */
  readonly origin?: string
}): Promise<OddIdp> {
  const issuer = `${grant.origin ?? 'https://idp.odd.test'}/realms/acme`
  const tokenEndpoint = `${issuer}/protocol/token`
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const forms: URLSearchParams[] = []
  return {
    issuer,
    tokenEndpoint,
    jwks: { keys: [{ ...(await exportJWK(publicKey)) }] },
    forms,
    async fetch(request) {
      if (request.url !== tokenEndpoint)
        return new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } })
      const form = new URLSearchParams(await request.text())
      forms.push(form)
      const now = Math.floor(grant.nowMs() / 1000)
      const claims = { client_id: grant.clientId, resource: form.get('resource') ?? '', scope: 'todos.read' }
      const idJag = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: 'oauth-id-jag+jwt' })
        .setIssuer(issuer)
        .setAudience(form.get('audience') ?? '')
        .setSubject('someone')
        .setJti(crypto.randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(now + 120)
        .sign(privateKey)
      const issued = 'urn:ietf:params:oauth:token-type:id-jag'
      return Response.json({ access_token: idJag, issued_token_type: issued, token_type: 'n_a' })
    },
  }
}
