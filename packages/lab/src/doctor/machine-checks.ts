// E02: whether the machine that runs the doctor can create and verify every signature of the protocol.
import { createHash, generateKeyPairSync } from 'node:crypto'

import { ASYMMETRIC_ALGORITHMS, type SignatureAlgorithm } from '@crosswalk/protocol'

import { type DoctorCheck, found, pass } from './finding.ts'

export interface MachineEvidence {
  /** Such as `v26.10.0` */
  readonly node: string
  readonly lacking: readonly SignatureAlgorithm[]
}

const makeEcKey = (namedCurve: string) => () => generateKeyPairSync('ec', { namedCurve })
const makeEdKey = () => generateKeyPairSync('ed25519')
/** Every build has RSA, and generating its keys is slow, so only the hash is tried. */
const useHash = (name: string) => () => createHash(name)

/** Each throws if the algorithm is missing. */
const PROBES: Readonly<Record<SignatureAlgorithm, () => unknown>> = {
  ES256: makeEcKey('P-256'),
  ES384: makeEcKey('P-384'),
  ES512: makeEcKey('P-521'),
  EdDSA: makeEdKey,
  Ed25519: makeEdKey,
  PS256: useHash('sha256'),
  PS384: useHash('sha384'),
  PS512: useHash('sha512'),
  RS256: useHash('sha256'),
  RS384: useHash('sha384'),
  RS512: useHash('sha512'),
}

export function gatherMachine(probes = PROBES): MachineEvidence {
  const lacking = ASYMMETRIC_ALGORITHMS.filter((algorithm) => !succeeds(probes[algorithm]))
  return { node: process.version, lacking }
}

function succeeds(probe: () => unknown): boolean {
  try {
    probe()
    return true
  } catch {
    return false
  }
}

export const MACHINE_CHECKS: readonly DoctorCheck<MachineEvidence>[] = [
  {
    id: 'E02',
    title: 'this machine has every signature algorithm',
    severity: 'fail',
    why: 'Tokens signed with a missing algorithm can be neither created nor verified here.',
    judge: ({ node, lacking }) =>
      lacking.length === 0
        ? pass(`Node.js ${node}`)
        : found({
            what: `Node.js ${node} lacks ${lacking.join(', ')}`,
            saw: 'a build or mode of OpenSSL without them, such as FIPS',
            fix: 'Use a Node.js from nodejs.org or the published image, or have the other side sign with another algorithm.',
          }),
  },
]
