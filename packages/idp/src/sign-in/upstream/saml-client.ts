// A client of a SAML 2.0 identity provider, for web browser single sign-on started here: sends an AuthnRequest by
// redirect, and verifies and judges the response received by POST.
import { randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { type Clock, decodeUtf8 } from '@crosswalk/as-core'
import { accept, refuse, type Result, type SamlUpstreamDefinition } from '@crosswalk/protocol'
import type {
  PendingSignIn,
  UpstreamAnswer,
  UpstreamClient,
  UpstreamRefusal,
  UpstreamRequest,
} from '@crosswalk/as-core/oidc'

import { openResponse } from '../../saml/open-response.ts'
import { readSigningKeys } from '../../saml/signing-certificate.ts'
import { findSamlAnswerProblem } from './saml-answer.ts'
import { buildAuthnRequest, buildSpMetadata } from './saml-documents.ts'
import { readAssertionClaims } from './upstream-user.ts'
import type { SamlAttribute } from '../../saml/read-assertion.ts'

interface PendingSamlSignIn extends PendingSignIn {
  /** Id of the AuthnRequest, which the response names */
  readonly requestId: string
  /** Epoch seconds; an earlier sign-in is not accepted */
  readonly notBefore?: number
}

/** @throws TypeError for an unusable certificate */
export function createSamlClient(
  definition: SamlUpstreamDefinition,
  clock: Clock,
): UpstreamClient<PendingSamlSignIn> {
  const keys = readSigningKeys(definition.certificates)
  const nowSeconds = () => Math.floor(clock.nowMs() / 1000)
  const nameUs = (acsUrl: string) => definition.ownEntityId ?? `${acsUrl}/metadata`

  async function begin(request: UpstreamRequest) {
    const now = nowSeconds()
    const pending = {
      state: randomBytes(32).toString('base64url'),
      // An XML name may not start with a digit.
      requestId: `_${randomBytes(20).toString('hex')}`,
      ...readNotBefore(request, now),
    }
    const xml = buildAuthnRequest({
      id: pending.requestId,
      issuer: nameUs(request.redirectUri),
      acsUrl: request.redirectUri,
      destination: definition.signInUrl,
      issuedAt: now,
      forceAuthn: pending.notBefore !== undefined,
      contexts: request.acrValues ?? [],
    })
    const url = new URL(definition.signInUrl)
    url.searchParams.set('SAMLRequest', deflateRawSync(xml).toString('base64'))
    url.searchParams.set('RelayState', pending.state)
    return accept({ url: url.href, pending })
  }

  async function complete(
    returned: URL,
    pending: PendingSamlSignIn,
  ): Promise<Result<UpstreamAnswer, UpstreamRefusal>> {
    const text = decode(returned.searchParams.get('SAMLResponse') ?? '')
    if (text === undefined) return refuse({ reason: 'failed', detail: 'no SAMLResponse in base64' })
    const opened = openResponse(text, keys)
    if (!opened.accepted) return opened
    const { assertion, attributes } = opened.value
    const acsUrl = `${returned.origin}${returned.pathname}`
    const problem = findSamlAnswerProblem(assertion, {
      entityId: definition.entityId,
      ownEntityId: nameUs(acsUrl),
      acsUrl,
      requestId: pending.requestId,
      notBefore: pending.notBefore,
      now: nowSeconds(),
    })
    if (problem !== undefined) return refuse({ reason: 'failed', detail: problem })
    return accept(readAssertionClaims(assertion, nameAttributes(attributes, definition), definition))
  }

  return {
    returns: { method: 'POST', state: 'RelayState' },
    begin,
    complete,
    findSignOutUrl: async () => definition.signOutUrl,
    describe: (redirectUri) => buildSpMetadata(nameUs(redirectUri), redirectUri),
  }
}

/** The protocol has no maximum age; for that, request a new sign-in, whose age is zero. */
function readNotBefore({ forceLogin, maxAgeSeconds }: UpstreamRequest, now: number): { notBefore?: number } {
  if (forceLogin) return { notBefore: now }
  return maxAgeSeconds === undefined ? {} : { notBefore: now - maxAgeSeconds }
}

/** Base64 of RFC 2045, which may contain line breaks (SAML bindings section 3.5.4). */
function decode(parameter: string): string | undefined {
  const text = parameter.replaceAll(/[\r\n\t ]/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  return decodeUtf8(Buffer.from(text, 'base64'))
}

/**
 * The names under which the attributes of an assertion are found. A Name identifies an attribute; a FriendlyName is for
 * humans (SAML core section 2.7.3.1), so it counts only if an administrator says so, and never replaces a Name.
 */
function nameAttributes(
  attributes: readonly SamlAttribute[],
  { matchFriendlyNames }: { readonly matchFriendlyNames: boolean },
): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, readonly string[]>()
  for (const { name, values } of attributes) byName.set(name, [...(byName.get(name) ?? []), ...values])
  if (!matchFriendlyNames) return byName
  const friendly = attributes.flatMap(({ name, friendlyName }) =>
    friendlyName === undefined || byName.has(friendlyName) ? [] : [{ name, friendlyName }],
  )
  const found = new Map(byName)
  for (const { name, friendlyName } of friendly) {
    // A FriendlyName shared by two attributes identifies neither.
    if (friendly.every((other) => other.friendlyName !== friendlyName || other.name === name))
      found.set(friendlyName, byName.get(name) ?? [])
  }
  return found
}
