// A token as one thread uses it: one session, in which keys are created, found and used. Every call blocks until the
// device responds, so this runs in its own thread.
import { createHash, randomBytes } from 'node:crypto'

import type { CreatedKey } from '@crosswalk/as-core'
import type { SignatureAlgorithm } from '@crosswalk/protocol'

import { messageOf } from '../../message-of.ts'
import { CKA, CKF, CKO_PRIVATE_KEY, CKR, CKU_USER } from './constants.ts'
import { parseKeyUri, renderKeyUri } from './key-uri.ts'
import type { Cryptoki, CryptokiError } from './library.ts'
import { type KeyMechanism, MECHANISMS } from './mechanisms.ts'
import type { TokenSettings } from './messages.ts'
import { readPublicJwk } from './public-jwk.ts'

const ID_BYTES = 16
const RSA_BITS = 3072
/** Longer than an RSA signature with 4096 bits */
const SIGNATURE_BYTES = 1024

interface Session {
  readonly handle: Buffer
  readonly keys: Map<string, Buffer>
}

/** Retrying does not help: the configuration or the device must be changed. */
export class SetupError extends Error {}

export class Token {
  readonly #cryptoki: Cryptoki
  readonly #settings: TokenSettings
  #session: Session | undefined

  constructor(cryptoki: Cryptoki, settings: TokenSettings) {
    this.#cryptoki = cryptoki
    this.#settings = settings
  }

  /** Another thread of this process may have initialized it already. */
  startLibrary(): void {
    ignoring(CKR.CRYPTOKI_ALREADY_INITIALIZED, () =>
      this.#cryptoki.C_Initialize({ flags: CKF.OS_LOCKING_OK }),
    )
  }

  endLibrary(): void {
    this.#session = undefined
    this.#cryptoki.C_Finalize()
  }

  /** The private key can never be read, neither in clear nor wrapped by another key. */
  create(algorithm: SignatureAlgorithm, label: string): CreatedKey {
    const mechanism = MECHANISMS[algorithm]
    const { handle: session } = this.#open()
    const id = randomBytes(ID_BYTES)
    const both = [
      { type: CKA.TOKEN, value: true },
      { type: CKA.ID, value: id },
      { type: CKA.LABEL, value: label },
    ]
    const pair = this.#cryptoki.C_GenerateKeyPair(
      session,
      { mechanism: mechanism.generate },
      [...both, { type: CKA.PRIVATE, value: false }, { type: CKA.VERIFY, value: true }, ...sizeOf(mechanism)],
      [
        ...both,
        { type: CKA.PRIVATE, value: true },
        { type: CKA.SENSITIVE, value: true },
        { type: CKA.EXTRACTABLE, value: false },
        { type: CKA.SIGN, value: true },
      ],
    )
    const uri = renderKeyUri({ token: this.#settings.token, id })
    try {
      const { curve } = mechanism
      return { uri, publicJwk: readPublicJwk(this.#cryptoki, { session, key: pair.publicKey, curve }) }
    } catch (error) {
      this.discard(uri)
      throw error
    }
  }

  sign(uri: string, algorithm: SignatureAlgorithm, data: Uint8Array): Uint8Array {
    const { digest, sign } = MECHANISMS[algorithm]
    const session = this.#open()
    const key = this.#find(session, uri)
    const input = digest === undefined ? Buffer.from(data) : createHash(digest).update(data).digest()
    this.#cryptoki.C_SignInit(session.handle, sign, key)
    return this.#cryptoki.C_Sign(session.handle, input, Buffer.alloc(SIGNATURE_BYTES))
  }

  discard(uri: string): void {
    const { handle } = this.#open()
    const template = [{ type: CKA.ID, value: parseKeyUri(uri).id }]
    for (const object of this.#findObjects(handle, template, 2))
      this.#cryptoki.C_DestroyObject(handle, object)
  }

  /** @throws Error if the token is not present, or does not contain the key */
  look(uri: string | undefined): void {
    const session = this.#open()
    this.#cryptoki.C_GetTokenInfo(this.#findSlot())
    if (uri === undefined) return
    session.keys.delete(uri)
    this.#find(session, uri)
  }

  /** The next call opens a new session. */
  closeSession(): void {
    const session = this.#session
    this.#session = undefined
    if (session === undefined) return
    try {
      this.#cryptoki.C_CloseSession(session.handle)
    } catch {
      // The session went with the device.
    }
  }

  #open(): Session {
    if (this.#session !== undefined) return this.#session
    const flags = CKF.SERIAL_SESSION | CKF.RW_SESSION
    const handle = this.#cryptoki.C_OpenSession(this.#findSlot(), flags)
    // Login applies to all sessions of a process.
    ignoring(CKR.USER_ALREADY_LOGGED_IN, () => this.#login(handle))
    this.#session = { handle, keys: new Map() }
    return this.#session
  }

  #login(session: Buffer): void {
    try {
      this.#cryptoki.C_Login(session, CKU_USER, this.#settings.pin)
    } catch (error) {
      if (WRONG_PIN.has(codeOf(error) ?? 0))
        throw new SetupError(`the token ${this.#settings.token} rejects the PIN (${messageOf(error)})`)
      throw error
    }
  }

  #findSlot(): Buffer {
    const { token } = this.#settings
    const found = this.#cryptoki
      .C_GetSlotList(true)
      .find((slot) => this.#cryptoki.C_GetTokenInfo(slot).label.trimEnd() === token)
    if (found === undefined) throw new Error(`the token ${token} is not present`)
    return found
  }

  #find({ handle, keys }: Session, uri: string): Buffer {
    const known = keys.get(uri)
    if (known !== undefined) return known
    const { token, id } = parseKeyUri(uri)
    if (token !== this.#settings.token) throw new Error(`${uri} is not in the token ${this.#settings.token}`)
    const template = [
      { type: CKA.CLASS, value: CKO_PRIVATE_KEY },
      { type: CKA.ID, value: id },
    ]
    const [key] = this.#findObjects(handle, template, 1)
    if (key === undefined) throw new Error(`the key ${uri} is not present`)
    keys.set(uri, key)
    return key
  }

  #findObjects(session: Buffer, template: Parameters<Cryptoki['C_FindObjectsInit']>[1], count: number) {
    this.#cryptoki.C_FindObjectsInit(session, template)
    try {
      return this.#cryptoki.C_FindObjects(session, count)
    } finally {
      this.#cryptoki.C_FindObjectsFinal(session)
    }
  }
}

const WRONG_PIN: ReadonlySet<number> = new Set([
  CKR.PIN_INCORRECT,
  CKR.PIN_LEN_RANGE,
  CKR.PIN_LOCKED,
  CKR.USER_PIN_NOT_INITIALIZED,
])

function sizeOf({ curve }: KeyMechanism) {
  if (curve !== undefined) return [{ type: CKA.EC_PARAMS, value: curve.parameters }]
  return [
    { type: CKA.MODULUS_BITS, value: RSA_BITS },
    { type: CKA.PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
  ]
}

function ignoring(code: number, act: () => void): void {
  try {
    act()
  } catch (error) {
    if (codeOf(error) !== code) throw error
  }
}

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error ? (error as CryptokiError).code : undefined
}
