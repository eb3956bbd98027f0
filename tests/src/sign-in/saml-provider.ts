// A company's SAML identity provider for tests: responds to an AuthnRequest with a self-submitting form, and can be made to send invalid
// responses.
import { inflateRawSync } from 'node:zlib'

import {
  buildAssertion,
  moment,
  type SamlKey,
  sign,
  type AssertionOptions,
  type SigningOptions,
} from '../support/saml.ts'

export const CORP_SAML = 'https://saml.corp.test/metadata'
const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol'
const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion'
const TYPE_NAMESPACES =
  ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
const RESPONSE = "/*[local-name(.)='Response']"
const ASSERTION = `${RESPONSE}/*[local-name(.)='Assertion']`
const OWN_ISSUER = `${ASSERTION}/*[local-name(.)='Issuer']`

/** Parameters of the redirect. */
export interface Asked {
  readonly xml: string
  readonly id: string
  readonly acsUrl: string
  readonly issuer: string
  readonly relayState: string
}

export function readAsked(url: string): Asked {
  const query = new URL(url).searchParams
  const xml = inflateRawSync(Buffer.from(query.get('SAMLRequest') ?? '', 'base64')).toString()
  const read = (pattern: RegExp) => pattern.exec(xml)?.[1] ?? ''
  return {
    xml,
    id: read(/ ID="([^"]*)"/),
    acsUrl: read(/AssertionConsumerServiceURL="([^"]*)"/),
    issuer: read(/<saml:Issuer>([^<]*)</),
    relayState: query.get('RelayState') ?? '',
  }
}

export interface Answering extends Partial<AssertionOptions> {
  readonly attributes?: Readonly<Record<string, readonly string[]>>
  /** The signed element; default: the assertion */
  readonly signed?: 'assertion' | 'response' | 'both' | 'nothing'
  readonly status?: string
  /** As many products sign: each attribute value has a type, and the signature covers the namespace of its name */
  readonly typed?: boolean
  /** Alters the signed document in transit */
  readonly change?: (xml: string) => string
}

/** @returns the form that the browser submits */
export function answer(
  asked: Asked,
  key: SamlKey,
  {
    attributes = {},
    signed = 'assertion',
    status = 'Success',
    typed = false,
    change = (xml) => xml,
    ...more
  }: Answering,
): Readonly<Record<string, string>> {
  const now = Math.floor(Date.now() / 1000)
  const assertion = buildAssertion({
    ...{ now, authnInstant: now, issuer: CORP_SAML, audience: asked.issuer },
    ...{ recipient: asked.acsUrl, inResponseTo: asked.id, extra: writeAttributes(attributes, typed) },
    ...more,
  })
  // Namespaces are declared on the enclosing element, as in most products.
  const inner = assertion.replace(` xmlns:saml="${SAML}"`, '')
  const response =
    `<samlp:Response xmlns:samlp="${SAMLP}" xmlns:saml="${SAML}"${typed ? TYPE_NAMESPACES : ''} Version="2.0" ID="_r1" IssueInstant="${moment(now)}"` +
    ` InResponseTo="${asked.id}" Destination="${asked.acsUrl}"><saml:Issuer>${CORP_SAML}</saml:Issuer>` +
    `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${status}"/></samlp:Status>` +
    `${status === 'Success' ? inner : ''}</samlp:Response>`
  const document = change(signParts(response, key, { signed, inclusivePrefixes: typed ? ['xs'] : [] }))
  return { SAMLResponse: Buffer.from(document).toString('base64'), RelayState: asked.relayState }
}

interface Signing extends Pick<SigningOptions, 'inclusivePrefixes'> {
  readonly signed: NonNullable<Answering['signed']>
}

function signParts(response: string, key: SamlKey, { signed, ...options }: Signing): string {
  const inner = ['assertion', 'both'].includes(signed)
    ? sign(response, key, { ...options, xpath: ASSERTION, after: OWN_ISSUER })
    : response
  return ['response', 'both'].includes(signed) ? sign(inner, key, { ...options, xpath: RESPONSE }) : inner
}

function writeAttributes(attributes: Readonly<Record<string, readonly string[]>>, typed: boolean): string {
  const type = typed ? ' xsi:type="xs:string"' : ''
  const written = Object.entries(attributes).map(([name, values]) => {
    const texts = values.map((value) => `<saml:AttributeValue${type}>${value}</saml:AttributeValue>`)
    return `<saml:Attribute Name="${name}">${texts.join('')}</saml:Attribute>`
  })
  return written.length === 0 ? '' : `<saml:AttributeStatement>${written.join('')}</saml:AttributeStatement>`
}
