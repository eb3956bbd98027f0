// Security rules, each disabled by one small edit. A test must detect each edit.

export interface Mutant {
  readonly rule: string
  /** The consequence of the missing rule */
  readonly effect: string
  readonly file: string
  /** Occurs exactly once in the file */
  readonly text: string
  readonly replacement: string
  /** Tests that should detect the mutant */
  readonly tests: readonly string[]
}

const REDEMPTION = [
  'packages/policy/src/evaluate-redemption.test.ts',
  'tests/src/protocol/redemption.test.ts',
]
const SAML = ['packages/protocol/src/tokens/saml-assertion.test.ts', 'tests/src/saml/exchange.test.ts']
const SAML_SIGNATURE = ['tests/src/saml/wrapping.test.ts']
const EXCHANGE = ['packages/policy/src/evaluate-exchange.test.ts', 'tests/src/protocol/exchange.test.ts']

export const MUTANTS: readonly Mutant[] = [
  {
    rule: 'typ',
    effect: 'any signed JWT of a trusted issuer is redeemed',
    file: 'packages/policy/src/redemption/assertion-checks.ts',
    text: 'isIdJagTyp(assertion.typ)',
    replacement: 'true',
    tests: [REDEMPTION[0] ?? '', 'tests/src/protocol/token-confusion.test.ts'],
  },
  {
    rule: 'typ',
    effect: 'a token of another kind passes for an ID token',
    file: 'packages/policy/src/exchange/subject-checks.ts',
    text: "if (token.typ !== undefined && token.typ.toLowerCase() !== 'jwt') {",
    replacement: 'if (false) {',
    tests: ['tests/src/protocol/token-confusion.test.ts', ...EXCHANGE],
  },
  {
    rule: 'aud',
    effect: 'an ID-JAG for another server is redeemed',
    file: 'packages/protocol/src/tokens/id-jag.ts',
    text: "return audiences[0] === issuer ? finding : { ...finding, code: 'XAA2211' }",
    replacement: 'return finding',
    tests: REDEMPTION,
  },
  {
    rule: 'aud',
    effect: 'an ID-JAG for two servers is redeemed at either',
    file: 'packages/protocol/src/tokens/id-jag.ts',
    text: "if (audiences.length !== 1) return { ...finding, code: 'XAA2212' }",
    replacement: '',
    tests: REDEMPTION,
  },
  {
    rule: 'client_id',
    effect: 'a stolen ID-JAG is redeemed by another client',
    file: 'packages/protocol/src/tokens/id-jag.ts',
    text: "return clientId === expected.clientId ? finding : { ...finding, code: 'XAA2103' }",
    replacement: 'return finding',
    tests: REDEMPTION,
  },
  {
    rule: 'jti',
    effect: 'an ID-JAG is redeemed twice',
    file: 'packages/as-core/src/grants/commit-draft.ts',
    text: 'let outcome = await commitWith([...always, first])',
    replacement: 'let outcome = await commitWith(always)',
    tests: ['tests/src/crossing.test.ts', ...REDEMPTION],
  },
  {
    rule: 'alg list',
    effect: 'the token chooses its algorithm',
    file: 'packages/as-core/src/jws/verification-key.ts',
    text: 'if (!algorithms.includes(alg) || !isSignatureAlgorithm(alg))',
    replacement: 'if (!isSignatureAlgorithm(alg))',
    tests: ['packages/as-core/src/jws/jws.test.ts'],
  },
  {
    rule: 'resource relation',
    effect: 'a resource that no app behind the audience has is requested',
    file: 'packages/policy/src/exchange/target.ts',
    text: 'resourceApp.resources.some((known) => known.id === id)',
    replacement: 'resourceApp.resources.some((known) => known.id === id || true)',
    tests: EXCHANGE,
  },
  {
    rule: 'resource relation',
    effect: 'a resource served elsewhere goes into an access token',
    file: 'packages/policy/src/redemption/grant-checks.ts',
    text: 'named.some((id) => !snapshot.resources.has(id))',
    replacement: 'false',
    tests: REDEMPTION,
  },
  {
    rule: 'scope narrowing',
    effect: 'scopes beyond the connection are granted',
    file: 'packages/policy/src/exchange/scope-checks.ts',
    text: 'else if (!connection.scopes.includes(one))',
    replacement: 'else if (false)',
    tests: EXCHANGE,
  },
  {
    rule: 'scope narrowing',
    effect: 'the scope parameter widens the ID-JAG',
    file: 'packages/policy/src/redemption/grant-checks.ts',
    text: 'const within = wanted.filter((one) => carried.value.includes(one))',
    replacement: 'const within = wanted',
    tests: REDEMPTION,
  },
  {
    rule: 'subject audience',
    effect: 'the ID token of another app is exchanged',
    file: 'packages/protocol/src/tokens/id-token.ts',
    text: "return named && authorized ? finding : { ...finding, code: 'XAA1203' }",
    replacement: 'return finding',
    tests: EXCHANGE,
  },
  {
    rule: 'DPoP binding',
    effect: 'a bound ID-JAG is redeemed without its key',
    file: 'packages/policy/src/redemption/assertion-checks.ts',
    text: 'else if (confirmation.jkt !== undefined && confirmation.jkt !== proved)',
    replacement: 'else if (false)',
    tests: [REDEMPTION[0] ?? '', 'tests/src/protocol/key-binding.test.ts'],
  },
  {
    rule: 'issuer trust',
    effect: 'an unlisted issuer is treated as the first listed one',
    file: 'packages/policy/src/redemption-snapshot.ts',
    text: '(snapshot.trusted.get(issuer) ?? [])',
    replacement: '(snapshot.trusted.get(issuer) ?? [...snapshot.trusted.values()].flat())',
    tests: [REDEMPTION[0] ?? '', 'tests/src/protocol/trust.test.ts'],
  },
  {
    rule: 'issuer trust',
    effect: 'a disabled issuer is still trusted',
    file: 'packages/policy/src/redemption-snapshot.ts',
    text: 'if (!entry.active) continue',
    replacement: '',
    tests: [REDEMPTION[0] ?? '', 'tests/src/protocol/trust.test.ts'],
  },
  {
    rule: 'session state',
    effect: 'an ID token outlives its session',
    file: 'packages/policy/src/exchange/subject-checks.ts',
    text: "list.fail('subject_token.session', 'XAA1205', { expected: 'a live session' })",
    replacement: "list.pass('subject_token.session')",
    tests: EXCHANGE,
  },
  {
    rule: 'session state',
    effect: 'an ID token of one app relies on the session of another',
    file: 'packages/idp/src/grants/token-exchange/observe-subject.ts',
    text: ' || session.clientId !== clientId)',
    replacement: ')',
    tests: ['tests/src/protocol/token-confusion.test.ts'],
  },
  {
    rule: 'session state',
    effect: 'a session outlives that of the identity provider where the user signed in',
    file: 'packages/idp/src/sign-in/provider/session-end.ts',
    text: 'return endsAt === undefined',
    replacement: 'return true',
    tests: ['packages/idp/src/sign-in/provider/adapter.test.ts'],
  },
  {
    rule: 'session state',
    effect: 'a second factor lets a session outlive the sign-in to which it is added',
    file: 'packages/idp/src/sign-in/provider/session-end.ts',
    text: 'if (prompt?.name !== FACTOR_PROMPT) ',
    replacement: '',
    tests: ['tests/src/sign-in/upstream.test.ts'],
  },
  {
    rule: 'assignment',
    effect: 'users without an assignment get access',
    file: 'packages/policy/src/exchange/user-checks.ts',
    text: 'if (via !== undefined) list.pass(id, { via })',
    replacement: 'if (true) list.pass(id)',
    tests: EXCHANGE,
  },
  {
    rule: 'SAML wrapping',
    effect: 'a signature somewhere inside vouches for a forged assertion around it',
    file: 'packages/idp/src/saml/verify-signature.ts',
    text: "return signature.parentNode === root ? accept(signature) : refuse('a signature below the assertion')",
    replacement: 'return accept(signature)',
    tests: SAML_SIGNATURE,
  },
  {
    rule: 'SAML wrapping',
    effect: 'a signature over another element vouches for the assertion',
    file: 'packages/idp/src/saml/verify-signature.ts',
    text: "if (attributeOf(reference, 'URI') !== `#${id}`)",
    replacement: 'if (false)',
    tests: SAML_SIGNATURE,
  },
  {
    rule: 'SAML wrapping',
    effect: 'two elements share the ID that the signature names',
    file: 'packages/idp/src/saml/verify-signature.ts',
    text: 'new Set(ids).size !== ids.length',
    replacement: 'false',
    tests: SAML_SIGNATURE,
  },
  {
    rule: 'SAML audience',
    effect: 'the assertion for another app is exchanged',
    file: 'packages/protocol/src/tokens/saml-assertion.ts',
    text: "return met ? finding : { ...finding, code: 'XAA1207' }",
    replacement: 'return finding',
    tests: SAML,
  },
  {
    rule: 'SAML recipient',
    effect: 'an assertion delivered elsewhere is exchanged',
    file: 'packages/protocol/src/tokens/saml-assertion.ts',
    text: 'expected.recipients.includes(recipient) &&',
    replacement: '',
    tests: SAML,
  },
  {
    rule: 'SAML expiry',
    effect: 'an expired assertion is exchanged',
    file: 'packages/protocol/src/tokens/saml-assertion.ts',
    text: 'notOnOrAfter !== undefined && notOnOrAfter <= now - clockSkewSeconds\n    ? { id, code',
    replacement: 'false\n    ? { id, code',
    tests: SAML,
  },
  {
    rule: 'SAML expiry',
    effect: 'an expired confirmation is accepted',
    file: 'packages/protocol/src/tokens/saml-assertion.ts',
    text: 'return delivered.some(({ notOnOrAfter }) => Number(notOnOrAfter) > oldest)',
    replacement: 'return true',
    tests: SAML,
  },
  {
    rule: 'SAML one-time use',
    effect: 'an assertion is exchanged repeatedly',
    file: 'packages/idp/src/grants/token-exchange/draft-exchange.ts',
    text: '...subjectReplayKeys(facts.subject, snapshot.clockSkewSeconds),',
    replacement: '',
    tests: ['tests/src/saml/exchange.test.ts'],
  },
]
