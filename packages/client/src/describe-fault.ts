// Describes why a server did not respond. `fetch` throws the same "TypeError: fetch failed" for every cause.
import { findOwn, isObject } from '@crosswalk/protocol'

import { redactText } from './redacted.ts'

const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the server closed the connection',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS there',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no TLS there',
}

/** Faults of the set-up, which no retry repairs. */
const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Check the address and its port, and that the server runs.',
  ENOTFOUND: 'Check the spelling of its host name.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Trust its CA: in Node.js, name its file in NODE_EXTRA_CA_CERTS.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Trust its CA: in Node.js, name its file in NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Have it send its whole certificate chain, or trust its CA.',
  CERT_HAS_EXPIRED: 'Have its certificate renewed.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Use a host name that its certificate covers.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'Check the port, and whether the address begins with http: or https:.',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'Check the port, and whether the address begins with http: or https:.',
}

const MAX_DEPTH = 4

/** @returns the cause in words, with the system's error code if there is one; contains no token */
export function describeFault(fault: unknown): string {
  if (isNamed(fault, 'TimeoutError')) return 'no answer in time'
  const chain = listCauses(fault)
  const code = findCode(chain)
  if (code !== undefined) return code in MEANINGS ? `${MEANINGS[code]} (${code})` : `no answer (${code})`
  const deepest = chain.filter((one) => one instanceof Error && one.message !== '').at(-1)
  return deepest instanceof Error ? `no answer: ${redactText(deepest.message)}` : 'no answer'
}

/** @returns what to do, if retrying does not help */
export function findFaultHint(fault: unknown): string | undefined {
  const code = findCode(listCauses(fault))
  return code === undefined ? undefined : findOwn(HINTS, code)
}

function findCode(chain: readonly unknown[]): string | undefined {
  return chain.map(readCode).find((one) => one !== undefined)
}

/** The error and its causes; if several addresses were tried, the first one represents all. */
function listCauses(fault: unknown): readonly unknown[] {
  const chain: unknown[] = []
  for (let at = fault; isObject(at) && chain.length < MAX_DEPTH;) {
    chain.push(at)
    at = at.cause ?? (Array.isArray(at.errors) ? at.errors[0] : undefined)
  }
  return chain
}

export function isNamed(fault: unknown, name: string): boolean {
  return isObject(fault) && fault.name === name
}

function readCode(fault: unknown): string | undefined {
  const code = isObject(fault) ? fault.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : undefined
}
