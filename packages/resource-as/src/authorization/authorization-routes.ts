// The endpoints of the authorization code flow, where a server offers it; elsewhere the authorization endpoint only says so.
import { answerFault, newId } from '@crosswalk/as-core'
import type { CodeSignInDefinition } from '@crosswalk/protocol'

import type { CodeDependencies } from '../dependencies.ts'
import type { DescribedClients } from '../described-clients.ts'
import { refuseAuthorization } from '../no-authorization.ts'
import { createAuthorize } from './authorize.ts'
import { createOidcSignIn } from './oidc-sign-in.ts'
import { askService, type FindUser, type SignIn } from './signed-in.ts'

export interface AuthorizationRouteParts extends Omit<CodeDependencies, 'describedClients'> {
  /** Public address of this server: `baseUrl`/as/ID */
  readonly endpoint: string
  readonly describedClients: DescribedClients | undefined
  /** Where the program itself says who is signed in; it comes before `authorizationCode.signIn` */
  readonly signIn?: SignIn | undefined
  readonly webFetch?: ((definition: CodeSignInDefinition) => typeof globalThis.fetch) | undefined
}

type Handler = (request: Request, ip?: string) => Promise<Response>

/** @returns by what follows the address of the server */
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
    ...(oidc === undefined ? [] : [['/signed-in', offered(oidc.takeReturn)] as const]),
  ]
}

function answerFaults({ onFault }: AuthorizationRouteParts, handler: Handler): Handler {
  return async (request, ip) => {
    try {
      return await handler(request, ip)
    } catch (fault) {
      onFault(fault, newId('req'))
      const { http, body, headers } = answerFault(fault)
      return Response.json(body, { status: http, headers: { ...headers, 'cache-control': 'no-store' } })
    }
  }
}
