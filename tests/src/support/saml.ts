// A SAML identity provider for tests: its own key and certificate, and assertions signed by a widely used library. Each assertion can be made
// invalid in one respect.
import 'reflect-metadata'

import { randomBytes, sign as signBytes, webcrypto } from 'node:crypto'

import { TOKEN_TYPE } from '@crosswalk/protocol'
import { X509CertificateGenerator } from '@peculiar/x509'
import { type SignatureAlgorithm, SignedXml } from 'xml-crypto'

import { exchange, type Answer, type ClientCredentials } from './flow.ts'

export const SAML_ISSUER = 'https://saml.acme.test/metadata'
export const SP = 'https://agent0.test/saml'
export const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
export const PASSWORD_CONTEXT = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'

export const ECDSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

export interface SamlKey {
  readonly privateKey: string
  readonly certificate: string
}

export function createSamlKey(modulusLength = 2048): Promise<SamlKey> {
  const publicExponent = new Uint8Array([1, 0, 1])
  return certify({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength, publicExponent })
}

export function createEcSamlKey(): Promise<SamlKey> {
  return certify({ name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' })
}

async function certify(algorithm: webcrypto.RsaHashedKeyGenParams | EcAlgorithm): Promise<SamlKey> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { serialNumber: '01', name: 'CN=SAML of Acme', keys, signingAlgorithm: algorithm },
    webcrypto,
  )
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`,
    certificate: certificate.toString('pem'),
  }
}

/** The product of the primes up to 167, and a modulus of 2048 bits that is a power of 65537 modulo each of them. */
function buildRocaModulus(): Buffer {
  let product = 1n
  for (let number = 2n; number <= 167n; number += 1n)
    if (product % number !== 0n && isPrime(number)) product *= number
  const modulus = ((1n << 2047n) / product + 12_345_678_901n) * product + (65_537n ** 77n % product)
  return Buffer.from(modulus.toString(16), 'hex')
}

function isPrime(number: bigint): boolean {
  for (let factor = 2n; factor * factor <= number; factor += 1n) if (number % factor === 0n) return false
  return true
}

/** @returns a certificate with a key of the faulty generator, whose private key is unknown */
export async function createRocaCertificate(): Promise<string> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const jwk = { kty: 'RSA', e: 'AQAB', n: buildRocaModulus().toString('base64url') }
  const publicKey = await webcrypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify'])
  const ecAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const signer = await webcrypto.subtle.generateKey(ecAlgorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: '01',
      subject: 'CN=SAML of Acme',
      issuer: 'CN=Acme',
      publicKey,
      signingKey: signer.privateKey,
      signingAlgorithm: ecAlgorithm,
    },
    webcrypto,
  )
  return certificate.toString('pem')
}

interface EcAlgorithm extends webcrypto.EcKeyGenParams {
  readonly hash: string
}

/** The library lacks ECDSA; RFC 9231 section 2.3.6 requires both numbers concatenated. */
class EcdsaSha256 implements SignatureAlgorithm {
  getSignature(info: unknown, key: unknown): string {
    const options = { key: key as string, dsaEncoding: 'ieee-p1363' } as const
    return signBytes('sha256', Buffer.from(info as string), options).toString('base64')
  }
  verifySignature(): boolean {
    throw new Error('only signs')
  }
  getAlgorithmName(): string {
    return ECDSA_SHA256
  }
}

export interface AssertionOptions {
  readonly now: number
  readonly recipient: string
  readonly id?: string
  readonly issuer?: string
  readonly nameId?: string
  readonly format?: string
  /** Replacement elements; empty for none */
  readonly subject?: string
  readonly conditions?: string
  readonly statement?: string
  readonly audience?: string
  readonly notBefore?: number
  readonly notOnOrAfter?: number
  readonly confirmationEnd?: number | null
  readonly method?: string
  /** Id of the request it responds to */
  readonly inResponseTo?: string
  readonly authnInstant?: number
  readonly sessionEnd?: number
  /** Appended */
  readonly extra?: string
}

export function moment(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

/** @returns the unsigned assertion */
export function buildAssertion(options: AssertionOptions): string {
  const { now } = options
  const id = options.id ?? `_${randomBytes(16).toString('hex')}`
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="${id}"` +
    ` IssueInstant="${moment(now)}"><saml:Issuer>${options.issuer ?? SAML_ISSUER}</saml:Issuer>` +
    `${options.subject ?? buildSubject(options)}${options.conditions ?? buildConditions(options)}` +
    `${options.statement ?? buildStatement(options)}${options.extra ?? ''}</saml:Assertion>`
  )
}

function buildSubject(options: AssertionOptions): string {
  const { now, nameId, format, method, confirmationEnd, inResponseTo } = options
  const answers = inResponseTo === undefined ? '' : ` InResponseTo="${inResponseTo}"`
  const end = confirmationEnd === null ? '' : ` NotOnOrAfter="${moment(confirmationEnd ?? now + 300)}"`
  return (
    `<saml:Subject><saml:NameID${format === undefined ? '' : ` Format="${format}"`}>${nameId ?? 'alice'}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:${method ?? 'bearer'}">` +
    `<saml:SubjectConfirmationData Recipient="${options.recipient}"${end}${answers}/></saml:SubjectConfirmation></saml:Subject>`
  )
}

function buildConditions({ now, audience, notBefore, notOnOrAfter }: AssertionOptions): string {
  return (
    `<saml:Conditions NotBefore="${moment(notBefore ?? now - 5)}" NotOnOrAfter="${moment(notOnOrAfter ?? now + 300)}">` +
    `<saml:AudienceRestriction><saml:Audience>${audience ?? SP}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`
  )
}

function buildStatement({
  now,
  authnInstant,
  sessionEnd,
}: Pick<AssertionOptions, 'now' | 'authnInstant' | 'sessionEnd'>): string {
  const end = sessionEnd === undefined ? '' : ` SessionNotOnOrAfter="${moment(sessionEnd)}"`
  return (
    `<saml:AuthnStatement AuthnInstant="${moment(authnInstant ?? now - 60)}" SessionIndex="s1"${end}><saml:AuthnContext>` +
    `<saml:AuthnContextClassRef>${PASSWORD_CONTEXT}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`
  )
}

export interface SigningOptions {
  readonly signatureAlgorithm?: string
  readonly digestAlgorithm?: string
  readonly transforms?: readonly string[]
  readonly canonicalization?: string
  /** Prefixes whose namespaces are signed although no element or attribute has them (InclusiveNamespaces) */
  readonly inclusivePrefixes?: readonly string[]
  /** XPath of the signed element; default: the assertion */
  readonly xpath?: string
  /** XPath of the element before the signature; default: the first issuer */
  readonly after?: string
}

/** Signs a document like SAML identity providers: enveloped, right after the issuer. */
export function sign(
  xml: string,
  { privateKey }: Pick<SamlKey, 'privateKey'>,
  options: SigningOptions = {},
): string {
  const signature = new SignedXml({
    privateKey,
    signatureAlgorithm: options.signatureAlgorithm ?? RSA_SHA256,
    canonicalizationAlgorithm: options.canonicalization ?? EXCLUSIVE,
  })
  signature.SignatureAlgorithms[ECDSA_SHA256] = EcdsaSha256
  signature.addReference({
    xpath: options.xpath ?? "/*[local-name(.)='Assertion']",
    transforms: [...(options.transforms ?? [ENVELOPED, EXCLUSIVE])],
    digestAlgorithm: options.digestAlgorithm ?? SHA256,
    inclusiveNamespacesPrefixList: [...(options.inclusivePrefixes ?? [])],
  })
  signature.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: options.after ?? "//*[local-name(.)='Issuer']", action: 'after' },
  })
  return signature.getSignedXml()
}

export function encode(xml: string): string {
  return Buffer.from(xml).toString('base64url')
}

/** Sends an assertion to the IdP's token endpoint. */
export function exchangeAssertion(
  baseUrl: string,
  xml: string,
  form: Readonly<Record<string, string>> = {},
  client?: ClientCredentials,
): Promise<Answer> {
  return exchange(baseUrl, encode(xml), { subject_token_type: TOKEN_TYPE.saml2, ...form }, client)
}
