// A software security key for tests: creates a key, and answers like browser and key together. Every part of an answer
// can be made wrong.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface AnswerChange {
  readonly origin?: string
  readonly rpId?: string
  readonly type?: string
  readonly challenge?: string
  readonly counter?: number
  /** User present */
  readonly present?: boolean
  readonly signedBy?: KeyObject
  readonly crossOrigin?: boolean
  /** Of the key, in COSE */
  readonly algorithm?: number
}

interface Options {
  readonly challenge: string
}

const PRESENT = 0x01
const SYNCED = 0x18
const ATTESTED = 0x40
const COUNTER_BYTES = 4

export function createAuthenticator(origin: string, { synced = false } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const key = publicKey.export({ format: 'jwk' })
  let counter = synced ? 0 : 1

  function buildData(change: AnswerChange, flags: number, attested = Buffer.alloc(0)): Buffer {
    const count = Buffer.alloc(COUNTER_BYTES)
    count.writeUInt32BE(change.counter ?? counter)
    const present = change.present === false ? 0 : PRESENT
    const rpIdHash = sha256(change.rpId ?? new URL(origin).hostname)
    return Buffer.concat([rpIdHash, Buffer.from([present | flags | (synced ? SYNCED : 0)]), count, attested])
  }

  function buildClientData(options: Options, type: string, change: AnswerChange): Buffer {
    const { challenge = options.challenge, crossOrigin = false } = change
    return Buffer.from(
      JSON.stringify({ type: change.type ?? type, challenge, origin: change.origin ?? origin, crossOrigin }),
    )
  }

  const frame = {
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key',
    clientExtensionResults: {},
  }

  return {
    id: frame.id,
    /** @returns the JSON answer to `navigator.credentials.create` */
    create(options: Options, change: AnswerChange = {}): string {
      const cose = new Map<unknown, unknown>([
        [1, 2],
        [3, change.algorithm ?? -7],
        [-1, 1],
        [-2, Buffer.from(key.x ?? '', 'base64url')],
        [-3, Buffer.from(key.y ?? '', 'base64url')],
      ])
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, encodeCbor(cose)])
      const attestation = new Map<unknown, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', buildData(change, ATTESTED, attested)],
      ])
      const response = {
        clientDataJSON: buildClientData(options, 'webauthn.create', change).toString('base64url'),
        attestationObject: encodeCbor(attestation).toString('base64url'),
        transports: synced ? ['internal'] : ['usb'],
      }
      return JSON.stringify({ ...frame, response })
    },
    /** @returns the JSON answer to `navigator.credentials.get` */
    get(options: Options, change: AnswerChange = {}): string {
      if (!synced) counter += 1
      const authData = buildData(change, 0)
      const clientData = buildClientData(options, 'webauthn.get', change)
      const signed = Buffer.concat([authData, sha256(clientData)])
      const response = {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, change.signedBy ?? privateKey).toString('base64url'),
      }
      return JSON.stringify({ ...frame, response })
    },
  }
}

export type Authenticator = ReturnType<typeof createAuthenticator>

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()

/** The parts of RFC 8949 that authenticators need: small integers, short text, bytes, maps. */
function encodeCbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, value.length), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  const entries = [...(value as Map<unknown, unknown>)]
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(encodeCbor)])
}

function head(major: number, size: number): Buffer {
  if (size < 24) return Buffer.from([(major << 5) | size])
  return size < 256
    ? Buffer.from([(major << 5) | 24, size])
    : Buffer.from([(major << 5) | 25, size >> 8, size & 0xff])
}
