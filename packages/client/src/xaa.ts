// The entry point: `xaa(options)` → `.as(session)` → `.at(resource)` → `fetch`. Wiring; it only decides which
// authorization server may be used.
import { findOwn, findUnknownMembers, parseScope } from '@crosswalk/protocol'

import { checkOptions } from './check-options.ts'
import { Directory, fail, mayRedeem, type TokenServer } from './discovery.ts'
import { Nonces } from './dpop.ts'
import type { AccessOptions, IdpOptions, ResourceRegistration, XaaOptions } from './options.ts'
import { createResourceAccess, type ResourceAccess } from './resource-access.ts'
import { buildRuntime, type Runtime } from './runtime.ts'
import { isSecureUrl } from './server-url.ts'
import type { Session } from './session.ts'
import { SessionStates } from './session-states.ts'
import { type HeldToken, obtainToken } from './token-source.ts'
import { InvalidOptions, Unavailable } from './xaa-error.ts'

/** A requesting app. */
export interface Agent {
  /**
   * The app, acting for the user of a session.
   *
   * @param session - or an ID token as a string, until it expires: without a session it cannot be renewed, and each call
   *   requests its own tokens
   * @throws TypeError for anything else
   */
  as(session: Session | string): AgentSession
}

/** A requesting app acting for one signed-in user. */
export interface AgentSession {
  /** @param resource - URL of the API or MCP server, which is also its identifier unless the options state another */
  at(resource: string, options?: AccessOptions): ResourceAccess
  /** Drops every token of this session from memory: call it when the user signs out. */
  forget(): void
}

/**
 * Creates a requesting app. Nothing is sent until a token is needed.
 *
 * @throws InvalidOptions that lists all problems of the options
 */
export function xaa(options: XaaOptions): Agent {
  checkOptions(options)
  const engine = new Engine(options)
  return {
    as(given) {
      const session = asSession(given)
      return {
        at: (resource, access) => engine.access(session, resource, access),
        forget: () => engine.forget(session),
      }
    },
  }
}

/** Tokens are cached per session: each call with the same string creates a separate session. */
function asSession(given: Session | string): Session {
  if (typeof given === 'string' && given !== '') return { getSubjectToken: () => given }
  // Programs without types reach this too.
  const session = given as Partial<Session> | null | undefined
  if (typeof session === 'object' && typeof session?.getSubjectToken === 'function') return session as Session
  throw new TypeError('as() accepts a session with getSubjectToken(), or an ID token as a string')
}

class Engine {
  readonly #options: XaaOptions
  readonly #idp: IdpOptions
  readonly #runtime: Runtime
  readonly #directory: Directory
  readonly #nonces = new Nonces()
  readonly #states: SessionStates
  readonly #singleUseServers = new Set<string>()

  constructor(options: XaaOptions) {
    this.#options = options
    this.#idp = typeof options.idp === 'string' ? { issuer: options.idp } : options.idp
    this.#runtime = buildRuntime(options)
    this.#directory = new Directory(this.#runtime)
    const { nowMs } = this.#runtime
    this.#states = new SessionStates({ nowMs, maxSessions: options.maxSessions ?? 10_000 })
  }

  forget(session: Session): void {
    this.#states.forget(session)
  }

  access(session: Session, base: string, options: AccessOptions = {}): ResourceAccess {
    const scope = checkAccess(base, options)
    const resource = options.resource ?? base
    return createResourceAccess({
      runtime: this.#runtime,
      nonces: this.#nonces,
      base,
      resource,
      scope,
      dpopKey: async () =>
        this.#options.dpop === true ? await this.#states.findOrCreate(session).dpopKey() : undefined,
      obtain: (wanted) => this.#obtain(session, { base, resource, scope: wanted, options }),
    })
  }

  async #obtain(session: Session, wanted: Wanted): Promise<HeldToken> {
    const { server, registration } = await this.#findServer(wanted)
    const idp = await this.#findTokenServer(this.#idp)
    const state = this.#states.findOrCreate(session)
    const dpop = this.#options.dpop === true ? { dpop: await state.dpopKey() } : {}
    const { resource, scope } = wanted
    const forgetServer = () => this.#directory.forget(resource, server.issuer)
    const held = await obtainToken({
      runtime: this.#runtime,
      nonces: this.#nonces,
      client: this.#options.client,
      idp,
      session,
      state,
      singleUseServers: this.#singleUseServers,
      target: { resource, scope, server, registration, ...dpop },
    }).catch((error: unknown) => {
      if (error instanceof Unavailable) forgetServer()
      throw error
    })
    // A resource that moved to another server refuses the tokens of the former one.
    return { ...held, forget: () => (held.forget(), forgetServer()) }
  }

  async #findServer({ base, resource, options }: Wanted) {
    const issuers =
      options.authorizationServer === undefined
        ? await this.#directory.findAuthorizationServers(resource, base)
        : [options.authorizationServer]
    const { issuer, registration } = this.#chooseServer(issuers, resource)
    const { tokenEndpoint } = registration
    const server = await this.#findTokenServer({
      issuer,
      ...(tokenEndpoint === undefined ? {} : { tokenEndpoint }),
    })
    if (!mayRedeem(server)) throw fail('XAA5004', issuer)
    return { server, registration }
  }

  /** The resource may only choose among the servers that the app allows; a secret is only sent to its own server. */
  #chooseServer(issuers: readonly string[], resource: string) {
    const { resources, client } = this.#options
    for (const issuer of issuers) {
      const registration = findOwn(resources, issuer)
      if (registration !== undefined) return { issuer, registration }
    }
    const [issuer] = issuers
    if (resources !== undefined || client.auth.kind === 'secret' || issuer === undefined)
      throw fail('XAA5005', issuer ?? resource, describeRegistered(resources, issuer))
    const registration: ResourceRegistration = { clientId: client.id, auth: client.auth }
    return { issuer, registration }
  }

  async #findTokenServer({ issuer, tokenEndpoint }: IdpOptions): Promise<TokenServer> {
    return tokenEndpoint === undefined ? await this.#directory.findServer(issuer) : { issuer, tokenEndpoint }
  }
}

interface Wanted {
  readonly base: string
  readonly resource: string
  readonly scope: readonly string[]
  readonly options: AccessOptions
}

/** Most often the issuer differs by a slash or a port from the one that was configured. */
function describeRegistered(
  resources: XaaOptions['resources'],
  issuer: string | undefined,
): string | undefined {
  if (issuer === undefined) return undefined
  const registered = Object.keys(resources ?? {})
  const found = registered.length === 0 ? '' : `, only ${registered.join(', ')}`
  return `The option resources has no ${issuer}${found}. Add it, with the client id and the credentials of this app there.`
}

/**
 * @returns the scopes as a list
 * @throws InvalidOptions
 */
function checkAccess(base: string, options: AccessOptions): readonly string[] {
  const { scope = [] } = options
  const parsed = parseScope(typeof scope === 'string' ? scope : scope.join(' '))
  const known = ['scope', 'resource', 'authorizationServer']
  const problems = [
    ...findUnknownMembers(options, known),
    // In JavaScript, an unset variable of the environment gets here.
    ...(typeof base === 'string' && isSecureUrl(base)
      ? []
      : [`${base}: must be an https URL (http for loopback hosts only)`]),
    ...(parsed.accepted ? [] : [`scope: ${JSON.stringify(parsed.refusal.malformed)} is not a scope token`]),
  ]
  if (problems.length > 0 || !parsed.accepted) throw new InvalidOptions(problems)
  return parsed.value
}
