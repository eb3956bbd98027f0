// An identity provider, an authorization server and an API as one `fetch` function: no sockets, an adjustable clock,
// real signatures. Tests can change each response.
import { DECISION_HEADER, GRANT_TYPE, JWT_TYP, TOKEN_TYPE } from '@crosswalk/protocol'
import { exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose'

export const IDP = 'https://idp.test'
export const RAS = 'https://as.todo.test/tenant'
export const API = 'https://todo.test/mcp'
export const START_SECONDS = 1_800_000_000

export interface ReceivedRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly form: URLSearchParams
}

type Json = Readonly<Record<string, unknown>>
type Respond = (seen: ReceivedRequest) => Response | undefined | Promise<Response | undefined>

export class MockWorld {
  readonly seen: ReceivedRequest[] = []
  nowSeconds = START_SECONDS
  /** Responds instead of the server; undefined lets the server respond */
  idp: Respond = () => undefined
  ras: Respond = () => undefined
  api: Respond = () => undefined
  /** Merged into what the servers issue */
  idJagClaims: Json = {}
  idJagHeader: Json = {}
  exchangeBody: Json = {}
  redemptionBody: Json = {}
  idpMetadata: Json = {}
  rasMetadata: Json = {}
  prm: Json = {}
  /** The maximum scopes that the identity provider grants */
  allowed = ['todos.read', 'todos.write']
  accessTokenSeconds = 600
  readonly #key: CryptoKey
  readonly #publicKey: CryptoKey
  readonly #spent = new Set<string>()
  #serial = 0

  private constructor({ privateKey, publicKey }: Awaited<ReturnType<typeof generateKeyPair>>) {
    this.#key = privateKey
    this.#publicKey = publicKey
  }

  static async create(): Promise<MockWorld> {
    return new MockWorld(await generateKeyPair('ES256'))
  }

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const form = new URLSearchParams(typeof init.body === 'string' ? init.body : '')
    const seen = { url, method: init.method ?? 'GET', headers: new Headers(init.headers), form }
    this.seen.push(seen)
    // Like real servers, respond asynchronously, so that a second request finds the first one pending.
    await Promise.resolve()
    return await this.#route(seen)
  }

  readonly nowMs = (): number => this.nowSeconds * 1000

  async #route(seen: ReceivedRequest): Promise<Response> {
    switch (seen.url.replace(/[?#].*$/, '')) {
      case `${IDP}/.well-known/oauth-authorization-server`:
        return Response.json({ issuer: IDP, token_endpoint: `${IDP}/token`, ...this.idpMetadata })
      case 'https://as.todo.test/.well-known/oauth-authorization-server/tenant':
        return Response.json({ issuer: RAS, token_endpoint: `${RAS}/token`, ...this.rasMetadata })
      case 'https://todo.test/.well-known/oauth-protected-resource/mcp':
        return Response.json({ resource: API, authorization_servers: [RAS], ...this.prm })
      case `${IDP}/token`:
        return (await this.idp(seen)) ?? (await this.#exchange(seen))
      case `${RAS}/token`:
        return (await this.ras(seen)) ?? (await this.#redeem(seen))
      case API:
      case `${API}/todos`:
        return (await this.api(seen)) ?? (await this.#serve(seen))
      default:
        return new Response('<h1>Not found</h1>', { status: 404 })
    }
  }

  async #exchange({ form, headers }: ReceivedRequest): Promise<Response> {
    if (form.get('grant_type') !== GRANT_TYPE.tokenExchange) return refuse('unsupported_grant_type')
    const asked = (form.get('scope') ?? this.allowed.join(' ')).split(' ')
    const scope = asked.filter((one) => this.allowed.includes(one)).join(' ')
    if (scope === '') return refuse('invalid_scope')
    const claims = {
      iss: IDP,
      sub: await this.#readSubject(form.get('subject_token') ?? ''),
      aud: form.get('audience'),
      client_id: 'agent0-at-todo0',
      resource: form.get('resource'),
      scope,
      ...(await readJkt(headers)),
      ...this.idJagClaims,
    }
    const idJag = await this.sign(claims, { typ: JWT_TYP.idJag, ...this.idJagHeader }, 300)
    const body = {
      access_token: idJag,
      issued_token_type: TOKEN_TYPE.idJag,
      token_type: 'N_A',
      expires_in: 300,
      scope,
    }
    return answer({ ...body, ...this.exchangeBody }, `dec_x${this.#serial}`)
  }

  async #readSubject(token: string): Promise<string> {
    const { payload } = await jwtVerify(token, this.#publicKey, { currentDate: new Date(0) }).catch(() => ({
      payload: { sub: token },
    }))
    return String(payload.sub)
  }

  async #redeem({ form, headers }: ReceivedRequest): Promise<Response> {
    const assertion = form.get('assertion') ?? ''
    const { payload } = await jwtVerify(assertion, this.#publicKey, {
      issuer: IDP,
      audience: RAS,
      typ: JWT_TYP.idJag,
      clockTolerance: 30,
      currentDate: new Date(this.nowMs()),
    })
    if (this.#spent.has(assertion)) return refuse('invalid_grant')
    this.#spent.add(assertion)
    const bound = await readJkt(headers)
    const { sub, scope } = payload
    const claims = { iss: RAS, sub: `local-${sub}`, aud: API, client_id: 'agent0-at-todo0', scope, ...bound }
    const token = await this.sign(claims, { typ: JWT_TYP.accessToken }, this.accessTokenSeconds)
    const type = 'cnf' in bound ? 'DPoP' : 'Bearer'
    const body = { access_token: token, token_type: type, expires_in: this.accessTokenSeconds, scope }
    return answer({ ...body, ...this.redemptionBody }, `dec_r${this.#serial}`)
  }

  /** The API: accepts any valid token; POST requires todos.write. */
  async #serve({ headers, method }: ReceivedRequest): Promise<Response> {
    const [scheme, token] = (headers.get('authorization') ?? '').split(' ')
    const verified = await jwtVerify(token ?? '', this.#publicKey, {
      issuer: RAS,
      audience: API,
      typ: JWT_TYP.accessToken,
      currentDate: new Date(this.nowMs()),
    }).catch(() => undefined)
    if (verified === undefined) return challenge(401, 'error="invalid_token"')
    const scopes = String(verified.payload.scope).split(' ')
    if (method === 'POST' && !scopes.includes('todos.write'))
      return challenge(403, 'error="insufficient_scope", scope="todos.write"')
    return Response.json({ user: verified.payload.sub, scopes, scheme })
  }

  async sign(claims: Json, header: Json, lifetimeSeconds: number): Promise<string> {
    this.#serial += 1
    const { alg: _, ...rest } = header
    return await new SignJWT({ exp: this.nowSeconds + lifetimeSeconds, ...claims } as JWTPayload)
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...rest })
      .setIssuedAt(this.nowSeconds)
      .setJti(`j${this.#serial}`)
      .sign(this.#key)
  }

  async idToken(sub: string, claims: Json = {}): Promise<string> {
    return await this.sign(
      { iss: IDP, sub, aud: 'agent0', auth_time: START_SECONDS, ...claims },
      { typ: 'JWT' },
      600,
    )
  }

  /** Counts the requests to a server's URL. */
  count(url: string): number {
    return this.seen.filter((one) => one.url === url).length
  }

  async publicJwk() {
    return { ...(await exportJWK(this.#publicKey)), kid: 'k1', alg: 'ES256' }
  }
}

async function readJkt(headers: Headers): Promise<{ cnf: { jkt: string } } | Record<string, never>> {
  const proof = headers.get('dpop')
  if (proof === null) return {}
  const { calculateJwkThumbprint, decodeProtectedHeader } = await import('jose')
  return { cnf: { jkt: await calculateJwkThumbprint(decodeProtectedHeader(proof).jwk ?? {}) } }
}

function answer(body: Json, decisionId: string): Response {
  return Response.json(body, { headers: { [DECISION_HEADER]: decisionId, 'cache-control': 'no-store' } })
}

export function refuse(error: string, more: Json = {}): Response {
  return Response.json({ error, ...more }, { status: 400, headers: { [DECISION_HEADER]: 'dec_no' } })
}

export function challenge(status: number, params: string): Response {
  return new Response(null, { status, headers: { 'www-authenticate': `Bearer ${params}` } })
}
