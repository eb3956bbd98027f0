// The titles, explanations and specifications of each step. Data.
import type { StepName } from '@crosswalk/lab'

interface Clause {
  /** Document and section */
  readonly where: string
  readonly url: string
  readonly level: 'MUST' | 'SHOULD' | 'MAY' | 'is about'
  /** In plain words */
  readonly says: string
}

interface StepWords {
  readonly title: string
  readonly teaches: string
  readonly clauses: readonly Clause[]
}

const draft = (section: string, level: Clause['level'], says: string): Clause => ({
  where: `ID-JAG draft, section ${section}`,
  url: `https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant#section-${section}`,
  level,
  says,
})
const rfc = (number: number, section: string, level: Clause['level'], says: string): Clause => ({
  where: `RFC ${number}, section ${section}`,
  url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
  level,
  says,
})

export const STEP_WORDS: Readonly<Record<StepName, StepWords>> = {
  discover: {
    title: 'Discover',
    teaches:
      'Finds the parties and what they support from their metadata. It precedes the grant and is not part of it.',
    clauses: [
      rfc(8414, '3', 'MUST', 'Metadata is fetched from a well-known URL derived from the issuer.'),
      rfc(8414, '3.3', 'MUST', 'The issuer in the document equals the requested one, byte for byte.'),
      rfc(9728, '3.3', 'MUST', 'The metadata of a resource names exactly that resource.'),
      draft('7', 'is about', 'How a server declares that it issues or accepts ID-JAGs.'),
    ],
  },
  'sign-in': {
    title: 'Sign in',
    teaches: 'The user signs in once, to the app, at their company. They never sign in at the resource.',
    clauses: [
      draft('4.2', 'is about', 'The app gets an identity assertion by ordinary single sign-on.'),
      rfc(7636, '4.6', 'MUST', 'The code works only with the verifier of the challenge.'),
      rfc(9700, '2.1.1', 'SHOULD', 'Apps that can keep a secret also use PKCE.'),
    ],
  },
  'id-token': {
    title: 'ID token',
    teaches: 'Tells the app who signed in. It is addressed to the app and never goes to the resource.',
    clauses: [
      {
        where: 'OpenID Connect Core, section 2',
        url: 'https://openid.net/specs/openid-connect-core-1_0.html#IDToken',
        level: 'MUST',
        says: 'The audience of an ID token is the client that the user signed in to.',
      },
    ],
  },
  exchange: {
    title: 'ID-JAG',
    teaches:
      'The app presents its ID token to the identity provider. Policy lives here: the IdP decides for the company and signs a short-lived grant for one other server.',
    clauses: [
      draft(
        '4.3',
        'MUST',
        'A token exchange names the requested token type, the audience and the identity assertion.',
      ),
      draft('4.3.3', 'MUST', 'The IdP applies its own policy, and may grant less than requested.'),
      draft('3', 'MUST', 'The grant has one audience, a client, a short lifetime and a unique identifier.'),
      rfc(8693, '2', 'is about', 'Token exchange itself.'),
    ],
  },
  redemption: {
    title: 'Access token',
    teaches:
      'The app presents the grant to the authorization server of the resource, under another client ID. That server checks the issuer, finds the user, and issues its own access token.',
    clauses: [
      draft('4.4', 'MUST', 'The app authenticates to this server, and sends the grant as an assertion.'),
      draft(
        '4.4.1',
        'MUST',
        'Type, issuer, audience and client of the grant are checked before any token is issued.',
      ),
      rfc(7523, '3', 'MUST', 'What an assertion must contain to be accepted.'),
      draft('4.4.3', 'SHOULD', 'No refresh token is issued.'),
    ],
  },
  call: {
    title: 'API call',
    teaches:
      'The app calls the API with the access token. The API trusts only its own authorization server: ID tokens and ID-JAGs are worthless here.',
    clauses: [
      rfc(6750, '2.1', 'SHOULD', 'The token goes into the header, never into the URL.'),
      rfc(6750, '3', 'MUST', 'A refusal explains the error in a challenge.'),
      rfc(6750, '3.1', 'SHOULD', 'A token with too little scope is refused with 403 insufficient_scope.'),
      rfc(9068, '4', 'MUST', 'The API checks type, issuer, audience, signature and time of the token.'),
    ],
  },
  renew: {
    title: 'Renew',
    teaches:
      'The resource issues no refresh token. The app asks the identity provider again, without the user, and it decides again.',
    clauses: [
      draft('4.4.3', 'SHOULD', 'No refresh token: control stays with the identity provider.'),
      rfc(7523, '3', 'MAY', 'A server may require that an assertion is used only once, by its identifier.'),
    ],
  },
  cut: {
    title: 'Admin cuts access',
    teaches:
      'An administrator ends access in one place. Suspending denies the next exchange immediately, and live tokens expire on their own; revoking ends those too.',
    clauses: [
      draft('4.3.3', 'MUST', 'Every exchange is decided by the policy of that moment.'),
      rfc(8935, '2', 'is about', 'How the authorization server of the resource is notified.'),
    ],
  },
  recorded: {
    title: 'Records',
    teaches: 'Every decision leaves an event in a hash chain: the request, the decision, and the reason.',
    clauses: [draft('9', 'is about', 'What to monitor, and who does.')],
  },
}
