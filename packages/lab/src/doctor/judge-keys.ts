// Judges published keys: those that Crosswalk can verify signatures with, each found by its kid.
import { importVerificationKey, type VerificationKey } from '@crosswalk/as-core'
import { describeValue, isPrivateJwkMember } from '@crosswalk/protocol'

import type { Exchange } from '../http/guarded-sender.ts'
import { describeExchange } from './describe-exchange.ts'
import { findDocumentFix } from './document-problem.ts'
import { type IssuerRole, type Json, listKeys } from './evidence.ts'
import { found, pass, type Verdict } from './finding.ts'

/** Only Crosswalk reads the keys of an identity provider; those of an authorization server are for its own APIs. */
export function judgeKeys(keys: Exchange | undefined, role: IssuerRole = 'idp'): Verdict {
  const list = listKeys(keys)
  const fix = 'Publish a JSON document with `keys`, each a public signing key with its own kid.'
  if (keys === undefined)
    return found({ what: 'The metadata names no jwks_uri', saw: 'jwks_uri: not there, or no text', fix })
  if (keys.status !== 200 || keys.json === undefined)
    return found({
      what: 'The keys cannot be read',
      saw: describeExchange(keys),
      fix: findDocumentFix(keys) ?? fix,
    })
  if (list.length === 0)
    return Array.isArray(keys.json.keys)
      ? found({ what: 'The list of keys is empty', saw: `${keys.request.url}: keys: []`, fix })
      : found({ what: 'The document is no list of keys', saw: `${keys.request.url} has no \`keys\``, fix })
  return judgeList(list, keys, role)
}

function judgeList(list: readonly Json[], keys: Exchange, role: IssuerRole): Verdict {
  const leaked = list.find((key) => Object.keys(key).some(isPrivateJwkMember))
  if (leaked !== undefined)
    return found({
      what: `Key ${describeValue(leaked.kid)} is published with private parts`,
      saw: `members ${Object.keys(leaked).join(' ')}`,
      fix: 'Rotate it now: anyone can sign with it. Then publish public members only.',
    })
  const imported = list.map(importVerificationKey)
  const severity = role === 'as' ? ({ severity: 'warn' } as const) : {}
  const usable = imported.flatMap((key) =>
    key.accepted && key.value.algorithms.length > 0 ? [key.value] : [],
  )
  if (usable.length === 0)
    return found({
      ...severity,
      what: 'There is no key that Crosswalk can verify signatures with',
      saw: list.map((key, index) => describeUnfit(key, imported[index])).join(', '),
      expected: 'RSA from 2048 bits, EC with P-256, P-384 or P-521, or Ed25519',
      fix: 'Publish, and sign with, a key of one of these kinds.',
    })
  const fixOfDocument = findDocumentFix(keys)
  if (fixOfDocument !== undefined)
    return found({
      ...severity,
      what: 'Strict clients refuse the keys',
      saw: describeExchange(keys),
      fix: fixOfDocument,
    })
  return judgeKids(usable)
}

function describeUnfit(
  { kid }: Json,
  imported: ReturnType<typeof importVerificationKey> | undefined,
): string {
  const name = kid === undefined ? 'no kid' : describeValue(kid)
  return `${name}: ${imported?.accepted === false ? imported.refusal : 'not for signatures'}`
}

/** Two keys may have one kid if no token can fit both. */
function judgeKids(keys: readonly VerificationKey[]): Verdict {
  const ambiguous = keys.filter((key) =>
    keys.some(
      (other) =>
        other !== key &&
        (key.kid === undefined || key.kid === other.kid) &&
        key.algorithms.some((algorithm) => other.algorithms.includes(algorithm)),
    ),
  )
  if (ambiguous.length === 0) return pass(String(keys.length))
  const kids = new Set(ambiguous.flatMap(({ kid }) => kid ?? []))
  const unnamed = ambiguous.filter(({ kid }) => kid === undefined).length
  return found({
    what:
      kids.size > 0
        ? `Several keys have the same kid: ${[...kids].join(' ')}`
        : `Of several keys, ${unnamed} ${unnamed === 1 ? 'has' : 'have'} no kid`,
    saw: keys.map(({ kid = 'no kid' }) => kid).join(', '),
    fix: 'Give each key its own kid, and name it in the header of tokens.',
  })
}
