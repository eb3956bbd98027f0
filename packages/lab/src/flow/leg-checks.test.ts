// Which ID tokens a flow can bring: a server may also accept those of another identity provider.
import { expect, it } from 'vitest'

import { runChecks } from '../doctor/finding.ts'
import { ID_TOKEN_CHECKS, type LegEvidence } from './leg-checks.ts'

const IDP = 'https://idp.acme.test'

it.each([
  ['of this IdP, for this app', IDP, 'agent0', 'pass'],
  ['of this IdP, for another app', IDP, 'other', 'fail'],
  ['of another IdP, where the app may have another id', 'https://login.corp.test', 'agent0-at-corp', 'warn'],
])('an ID token %s', (_, iss, aud, expected) => {
  const evidence = {
    flow: { idp: { issuer: IDP, clientId: 'agent0' } },
    token: { kind: 'id-token', header: {}, claims: { iss, aud, exp: 2 } },
    nowSeconds: 1,
  } as unknown as LegEvidence
  const findings = runChecks(ID_TOKEN_CHECKS, evidence, { subject: 'ID token' })
  expect(findings.find(({ id }) => id === 'I02')).toMatchObject({ result: expected })
})
