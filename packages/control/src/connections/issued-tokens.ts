// Access tokens of the hosted authorization servers, as the IdP sees them: their user, apps and connections. Facts that
// the token lacks come from the record of the ID-JAG it was issued for.
import type { IssuedTokens } from '@crosswalk/idp'
import type { DecisionRecord, Hop } from '@crosswalk/protocol'
import type { InspectedToken } from '@crosswalk/resource-as'
import type { Storage } from '@crosswalk/storage'

import { findIssuance } from '../audit/find-issuance.ts'

export interface IssuedTokenParts {
  readonly storage: Pick<Storage, 'events' | 'tokenDescents'>
  /** The IdP's issuer identifier */
  readonly issuer: string
  /** Each returns what its server knows of a token, undefined if the server did not issue it */
  inspectors(): readonly ((token: string) => Promise<InspectedToken | undefined>)[]
}

export function createIssuedTokens(parts: IssuedTokenParts): IssuedTokens {
  const { storage, inspectors } = parts
  return {
    async find(text) {
      for (const inspect of inspectors()) {
        const found = await inspect(text)
        if (found === undefined) continue
        const record = (await findIssuance(parts, found.token))?.decision
        return record === undefined ? undefined : describe(found, record)
      }
      return undefined
    },
    addDescent: (descent) => storage.tokenDescents.add(descent),
  }
}

function describe({ state, issuer, token }: InspectedToken, { request, resolution }: DecisionRecord) {
  const { subject, requesting_app: app } = request
  const { resource_app: resourceApp, connection } = resolution
  if (subject?.ref === undefined || app === null || resourceApp === undefined || connection === undefined)
    return undefined
  const hop: Hop = { app: app.id, resource_app: resourceApp, connection }
  const { authTime, acr, amr } = token
  return {
    token: {
      id: token.id,
      authorizationServer: token.authorizationServer,
      state,
      issuer,
      audience: token.resource,
      issuedAt: token.issuedAt,
      jkt: token.dpopThumbprint,
      chain: {
        hops: [...(subject.chain?.hops ?? []), hop],
        scope: [...token.scope],
        expires_at: token.expiresAt,
        ...(token.act === undefined ? {} : { act: { ...token.act } }),
      },
    },
    signIn: { userId: subject.ref, authTime, acr, amr, session: subject.session },
  }
}
