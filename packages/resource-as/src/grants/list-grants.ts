// The grants of the token endpoint, by type.
import { type GrantHandler, runGrant } from '@crosswalk/as-core'
import { GRANT_TYPE } from '@crosswalk/protocol'

import type { CodeDependencies } from '../dependencies.ts'
import type { StoredCredentials } from '../ports.ts'
import { createAuthorizationCode } from './authorization-code/authorization-code-grant.ts'
import { createJwtBearer } from './jwt-bearer/jwt-bearer-grant.ts'
import { createStoredCredentialGrant } from './stored-credential/stored-credential-grant.ts'

/** Getters, because what the server offers follows its current definition. */
export function listGrants(
  deps: CodeDependencies,
  { issuer, credentials }: { readonly issuer: string; readonly credentials: StoredCredentials | undefined },
): Readonly<Record<string, GrantHandler | undefined>> {
  const jwtBearer = createJwtBearer(deps)
  const redeem: GrantHandler = (request) => runGrant(jwtBearer, request, deps)
  const code = createAuthorizationCode(deps)
  const stored = credentials && createStoredCredentialGrant({ ...deps, credentials })
  return {
    [GRANT_TYPE.jwtBearer]: redeem,
    [GRANT_TYPE.jwtDpop]: redeem,
    get [GRANT_TYPE.authorizationCode](): GrantHandler | undefined {
      if (deps.snapshot().definition.authorizationCode === undefined) return undefined
      return (request) => runGrant(code, request, deps)
    },
    // Offered only while a resource app behind this issuer is brokered.
    get [GRANT_TYPE.tokenExchange](): GrantHandler | undefined {
      if (stored === undefined || credentials?.serves(issuer) !== true) return undefined
      return (request) => runGrant(stored, request, deps)
    },
  }
}
