// The endpoints of the authorization code flow, if the server offers it; otherwise the authorization endpoint only says
// so.
import { newId, notFound, respondToFault } from '@crosswalk/as-core'
import type { CodeSignInDefinition } from '@crosswalk/protocol'

import type { CodeDependencies } from '../dependencies.ts'
import { refuseAuthorization } from '../no-authorization.ts'
import type { UnregisteredClients } from '../clients/unregistered-clients.ts'
import { createAuthorize } from './authorize.ts'
import type { DynamicClients } from '../clients/dynamic-clients.ts'
import { createOidcSignIn } from './oidc-sign-in.ts'
import { askService, type FindUser, type SignIn } from './signed-in.ts'

export interface AuthorizationRouteParts extends Omit<CodeDependencies, 'describedClients'> {
  /** Public address of this server: `baseUrl`/as/ID */
  readonly endpoint: string
  readonly describedClients: UnregisteredClients
  readonly dynamicClients: DynamicClients
  /** For programs that know who is signed in; overrides `authorizationCode.signIn` */
  readonly signIn?: SignIn | undefined
  readonly webFetch?: ((definition: CodeSignInDefinition) => typeof globalThis.fetch) | undefined
}

type Handler = (request: Request, ip?: string) => Promise<Response>

/** Of these routes, the ones that browsers request for a user */
export const PAGES: ReadonlySet<string> = new Set(['/authorize', '/consent', '/signed-in'])

/** @returns handlers by the path relative to the server */
export function listAuthorizationRoutes(
  parts: AuthorizationRouteParts,
): readonly (readonly [string, Handler])[] {
  const { webFetch, snapshot, signIn } = parts
  const oidc = webFetch === undefined ? undefined : createOidcSignIn({ ...parts, webFetch })
  const findUser: FindUser = (visit) => {
    const { id, definition } = snapshot()
    if (signIn !== undefined) return askService(signIn, parts.accounts, id)(visit)
    if (oidc === undefined || definition.authorizationCode?.signIn === undefined)
      throw new TypeError('authorizationCode needs signIn')
    return oidc.findUser(visit)
  }
  const { authorize, consent } = createAuthorize({ ...parts, findUser })
  const offered = (handler: Handler): Handler =>
    answerFaults(parts, async (request, ip) =>
      snapshot().definition.authorizationCode === undefined ? refuseAuthorization() : handler(request, ip),
    )
  return [
    ['/authorize', offered(authorize)],
    ['/consent', offered(consent)],
    ['/register', answerFaults(parts, registerAt(parts))],
    ...(oidc === undefined ? [] : [['/signed-in', offered(oidc.takeReturn)] as const]),
  ]
}

/** Documents of any origin may register a client: the result is public, and cookies have no effect here. */
function registerAt({ snapshot, dynamicClients }: AuthorizationRouteParts): Handler {
  return async (request) => {
    if (snapshot().definition.authorizationCode?.dynamicRegistration === undefined) return notFound()
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } })
    return dynamicClients.register(request)
  }
}

function answerFaults({ onFault }: AuthorizationRouteParts, handler: Handler): Handler {
  return async (request, ip) => {
    try {
      return await handler(request, ip)
    } catch (fault) {
      onFault(fault, newId('req'))
      return respondToFault(fault)
    }
  }
}
