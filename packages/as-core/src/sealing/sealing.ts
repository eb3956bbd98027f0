// Protects secrets at rest (see docs/adr/0008-secrets-at-rest.md): values that are read again are sealed; values that
// are only compared are digested with a key. Every label has its own key. Do not use this for passwords.
import { createCipheriv, createDecipheriv, createHash, hash, hkdfSync, randomBytes } from 'node:crypto'

import { MASTER_KEY_BYTES } from './master-key.ts'

/** A sealed text that this master key does not open. */
export class SealingError extends Error {
  override readonly name = 'SealingError'
}

export interface Sealing {
  /** Identifies the master key without revealing anything about it */
  readonly keyId: string
  /** @returns text that only `open` with the same label and context can read */
  seal(label: string, context: string, plaintext: string): string
  /** @throws SealingError if sealed under another master key, label or context, or changed since */
  open(label: string, context: string, sealed: string): string
  /** @returns keyed SHA3-256 of the text, base64url, 43 characters; deterministic per label */
  keyedDigest(label: string, text: string): string
}

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** @throws RangeError unless the master key is 32 bytes long */
export function createSealing(masterKey: Uint8Array): Sealing {
  if (masterKey.byteLength !== MASTER_KEY_BYTES) throw new RangeError('a master key has 32 bytes')
  const subKeys = new Map<string, Buffer>()
  const digestKeys = new Map<string, string>()
  const keyId = createHash('sha256').update(derive('key-id')).digest('base64url').slice(0, 8)

  /** Labels are constants of our code, so the map stays small. */
  function derive(purpose: string): Buffer {
    let key = subKeys.get(purpose)
    if (key === undefined) {
      key = Buffer.from(hkdfSync('sha256', masterKey, '', `crosswalk/${VERSION}/${purpose}`, 32))
      subKeys.set(purpose, key)
    }
    return key
  }

  /** As text of fixed length, so that no two pairs of key and text concatenate to the same input. */
  function digestKey(label: string): string {
    let key = digestKeys.get(label)
    if (key === undefined) {
      key = derive(`digest/${label}`).toString('hex')
      digestKeys.set(label, key)
    }
    return key
  }

  return {
    keyId,
    seal(label, context, plaintext) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', derive(`seal/${label}`), nonce)
      cipher.setAAD(renderAad(label, context))
      const body = Buffer.concat([
        nonce,
        cipher.update(plaintext, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ])
      return `${VERSION}.${keyId}.${body.toString('base64url')}`
    },
    open(label, context, sealed) {
      const body = readSealed(sealed, keyId)
      const decipher = createDecipheriv(
        'aes-256-gcm',
        derive(`seal/${label}`),
        body.subarray(0, NONCE_BYTES),
        { authTagLength: TAG_BYTES },
      )
      decipher.setAAD(renderAad(label, context))
      decipher.setAuthTag(body.subarray(body.length - TAG_BYTES))
      try {
        const text = decipher.update(body.subarray(NONCE_BYTES, body.length - TAG_BYTES))
        return Buffer.concat([text, decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new SealingError(`sealed ${label} was changed or belongs elsewhere`, { cause })
      }
    },
    keyedDigest(label, text) {
      // With SHA-3, hashing the key before the text is a sound MAC (no length extension), in one call without a state
      // object. With SHA-2 it would not be sound.
      return hash('sha3-256', digestKey(label) + text, 'base64url')
    },
  }
}

/** As JSON, so that no two pairs of label and context are encoded alike. */
function renderAad(label: string, context: string): Buffer {
  return Buffer.from(JSON.stringify([VERSION, label, context]))
}

function readSealed(sealed: string, keyId: string): Buffer {
  const [version, sealedWith, body, ...rest] = sealed.split('.')
  if (version !== VERSION || body === undefined || rest.length > 0)
    throw new SealingError('not a sealed text')
  if (sealedWith !== keyId)
    throw new SealingError(
      `the database is sealed under master key ${sealedWith}, but this process has ${keyId}`,
    )
  const bytes = Buffer.from(body, 'base64url')
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealingError('not a sealed text')
  return bytes
}
