// A gateway's exchange of an app's access token for the stored credential of the service behind it (RFC 8693). It
// defines what is observed and judged; `runGrant` orders the steps.
import { type CallerFacts, type Draft, findRepeated, type Grant, type TokenRequest } from '@crosswalk/as-core'
import {
  type CredentialFacts,
  evaluateCredential,
  isGatewayOf,
  type RedemptionSnapshot,
} from '@crosswalk/policy'
import { TOKEN_TYPE, TOKEN_TYPE_NOT_APPLICABLE } from '@crosswalk/protocol'

import type { RedemptionDependencies } from '../../dependencies.ts'
import { inspectToken } from '../../introspection.ts'
import type { IssuedAccessToken, ReleasedCredential, StoredCredentials } from '../../ports.ts'

interface ObservedCredential extends CallerFacts, CredentialFacts {
  readonly client: CallerFacts['client']
  readonly token: (IssuedAccessToken & { readonly live: boolean }) | undefined
  readonly secret: ReleasedCredential['secret']
}

type Dependencies = RedemptionDependencies & { readonly credentials: StoredCredentials }

export function createStoredCredentialGrant(
  deps: Dependencies,
): Grant<ObservedCredential, RedemptionSnapshot> {
  return {
    snapshot: () => deps.snapshot(),
    // Whether the token is live depends on them.
    observesDefinitions: true,
    observe: (request, caller) => observe(request, caller, deps),
    evaluate: evaluateCredential,
    describeRefusal: (_record, { token }) => ({ type: 'vault.refused', grantId: token?.grantId }),
    draft: (_record, facts) => draft(facts, deps),
    withUsed(_facts, { kind }) {
      throw new TypeError(`a stored credential consumes no replay key of kind ${kind}`)
    },
  }
}

async function observe(
  { form }: TokenRequest,
  caller: CallerFacts,
  deps: Dependencies,
): Promise<ObservedCredential> {
  const token = form.get('subject_token')
  const request: CredentialFacts['request'] = {
    hasToken: token !== undefined,
    subjectTokenType: form.get('subject_token_type'),
    requestedTokenType: form.get('requested_token_type'),
    problems: findRepeated(form, []),
  }
  const isKnown = caller.client.state === 'authenticated'
  const inspect = async () => {
    const found = isKnown && token !== undefined ? await inspectToken(token, deps) : undefined
    return found && { ...found.token, live: found.state === 'live' }
  }
  const brought = await inspect()
  // The vault is queried for gateways only, since a query may refresh the credential.
  const client = deps.snapshot().clients.get(caller.client.clientId ?? '')
  const isForGateway = brought?.live === true && isGatewayOf(client, brought)
  const released: ReleasedCredential = isForGateway
    ? await deps.credentials.release(brought)
    : { fact: { state: 'not-looked-up' } }
  // It may have been revoked during a refresh, which takes seconds.
  const forwarded = isForGateway ? await inspect() : brought
  return {
    ...caller,
    request,
    token: forwarded,
    credential: released.fact,
    secret: released.secret,
  }
}

function draft({ credential, secret, token }: ObservedCredential, { credentials }: Dependencies): Draft {
  if (credential.state !== 'held' || secret === undefined)
    throw new TypeError('an allowed exchange has a stored credential')
  const { value, api, header, scheme, privateNetwork } = secret
  return {
    type: 'vault.used',
    grantId: token?.grantId,
    async issue() {
      await credentials.used(credential.id)
      return {
        access_token: value,
        issued_token_type: TOKEN_TYPE.storedCredential,
        token_type: TOKEN_TYPE_NOT_APPLICABLE,
        expires_in: credential.lifetimeSeconds,
        upstream: { api, header, scheme, private_network: privateNetwork },
      }
    },
  }
}
