// Builds the two documents of a service provider: its request and its metadata. Pure.
import type { EpochSeconds } from '@crosswalk/protocol'

const POST_BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

export interface AuthnRequestParts {
  readonly id: string
  /** Entity id of the service provider */
  readonly issuer: string
  readonly acsUrl: string
  readonly destination: string
  readonly issuedAt: EpochSeconds
  /** The user must authenticate again */
  readonly forceAuthn: boolean
  /** Acceptable authentication contexts; empty accepts any */
  readonly contexts: readonly string[]
}

/** @see SAML core section 3.4.1 */
export function buildAuthnRequest(parts: AuthnRequestParts): string {
  const attributes = {
    'xmlns:samlp': 'urn:oasis:names:tc:SAML:2.0:protocol',
    'xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion',
    ID: parts.id,
    Version: '2.0',
    IssueInstant: new Date(parts.issuedAt * 1000).toISOString(),
    Destination: parts.destination,
    ProtocolBinding: POST_BINDING,
    AssertionConsumerServiceURL: parts.acsUrl,
    ...(parts.forceAuthn ? { ForceAuthn: 'true' } : {}),
  }
  const contexts = parts.contexts.map((one) => element('saml:AuthnContextClassRef', {}, escape(one)))
  return element(
    'samlp:AuthnRequest',
    attributes,
    element('saml:Issuer', {}, escape(parts.issuer)),
    ...(contexts.length === 0
      ? []
      : [element('samlp:RequestedAuthnContext', { Comparison: 'exact' }, ...contexts)]),
  )
}

/** @see SAML metadata section 2.4.4 */
export function buildSpMetadata(entityId: string, acsUrl: string): string {
  const service = element('md:AssertionConsumerService', {
    Binding: POST_BINDING,
    Location: acsUrl,
    index: '0',
    isDefault: 'true',
  })
  const role = {
    protocolSupportEnumeration: 'urn:oasis:names:tc:SAML:2.0:protocol',
    AuthnRequestsSigned: 'false',
    WantAssertionsSigned: 'true',
  }
  const root = { 'xmlns:md': 'urn:oasis:names:tc:SAML:2.0:metadata', entityID: entityId }
  return element('md:EntityDescriptor', root, element('md:SPSSODescriptor', role, service))
}

/** @param content - markup, or escaped text */
function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...content: readonly string[]
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`)
  return `<${name}${written.join('')}>${content.join('')}</${name}>`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
