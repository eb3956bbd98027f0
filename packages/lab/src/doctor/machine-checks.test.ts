// Algorithms that a machine lacks.
import { expect, it } from 'vitest'

import { runChecks } from './finding.ts'
import { gatherMachine, MACHINE_CHECKS } from './machine-checks.ts'

const judge = (evidence: ReturnType<typeof gatherMachine>) =>
  runChecks(MACHINE_CHECKS, evidence, { subject: 'this machine' })[0]

it('finds every algorithm on a usual Node.js', () => {
  expect(judge(gatherMachine())).toMatchObject({
    id: 'E02',
    result: 'pass',
    saw: `Node.js ${process.version}`,
  })
})

it('names those that are missing', () => {
  const present = () => undefined
  const missing = () => {
    throw new Error('unsupported')
  }
  const evidence = gatherMachine({
    ...{ ES256: present, ES384: present, ES512: present, EdDSA: missing, Ed25519: missing },
    ...{ PS256: present, PS384: present, PS512: present, RS256: present, RS384: present, RS512: missing },
  })
  expect(judge(evidence)).toMatchObject({
    result: 'fail',
    what: `Node.js ${process.version} lacks EdDSA, Ed25519, RS512`,
  })
})
