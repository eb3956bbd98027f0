// A stand-in for AWS KMS: the five operations in use, with keys in memory. It checks the Signature Version 4 of every request. Written from the
// public documentation of the service, for tests only.
import {
  constants,
  createECDH,
  createHash,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  randomUUID,
} from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export const ACCESS_KEY = { accessKeyId: 'AKIDTESTTESTTEST', secretAccessKey: 'a secret access key of tests' }
const REGION = 'eu-central-1'
const READING: readonly string[] = ['GetPublicKey', 'DescribeKey']

interface Key {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
  state: 'Enabled' | 'PendingDeletion'
}

type Input = Readonly<Record<string, string>>
type Refusal = { readonly __type: string; readonly message: string }

export interface FakeKms {
  readonly url: string
  readonly keys: ReadonlyMap<string, Key>
  /** Received operations, in order */
  readonly operations: string[]
  /** Runs once, before the next signature is sent */
  meanwhile: (() => Promise<void>) | undefined
  /** Responds like a failing service */
  setAway(away: boolean): void
  /** @param message - of the refusal to read keys; undefined to allow it again */
  refuseReading(message: string | undefined): void
  stop(): Promise<void>
}

export async function startFakeKms(): Promise<FakeKms> {
  const keys = new Map<string, Key>()
  const operations: string[] = []
  let isAway = false
  let readRefusal: string | undefined
  async function answer(request: IncomingMessage): Promise<readonly [number, object]> {
    const body = Buffer.concat(await request.toArray()).toString()
    const operation = String(request.headers['x-amz-target']).replace('TrentService.', '')
    operations.push(operation)
    if (isAway) return [503, { __type: 'DependencyTimeoutException', message: 'try again later' }]
    if (!isSigned(request, body))
      return refuse('IncompleteSignatureException', 'the signature does not match')
    if (readRefusal !== undefined && READING.includes(operation))
      return refuse('AccessDeniedException', readRefusal)
    if (operation === 'Sign') {
      const { meanwhile } = kms
      kms.meanwhile = undefined
      await meanwhile?.()
    }
    return perform(keys, operation, JSON.parse(body) as Input)
  }
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const kms: FakeKms = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    operations,
    meanwhile: undefined,
    setAway: (away) => void (isAway = away),
    refuseReading: (message) => void (readRefusal = message),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return kms
}

function perform(keys: Map<string, Key>, operation: string, input: Input): readonly [number, object] {
  if (operation === 'CreateKey') {
    if (input['KeyUsage'] !== 'SIGN_VERIFY') return refuse('ValidationException', 'a key to sign with')
    const arn = `arn:aws:kms:${REGION}:111122223333:key/${randomUUID()}`
    const pair = generatePair(input['KeySpec'] ?? '')
    if (pair === undefined) return refuse('ValidationException', `no such KeySpec: ${input['KeySpec']}`)
    keys.set(arn, { ...pair, state: 'Enabled' })
    return [200, { KeyMetadata: { Arn: arn, KeyId: arn.split('/')[1], KeyState: 'Enabled' } }]
  }
  const key = keys.get(input['KeyId'] ?? '')
  if (key === undefined) return refuse('NotFoundException', `Key '${input['KeyId']}' does not exist`)
  switch (operation) {
    case 'GetPublicKey':
      return [200, { PublicKey: key.publicKey.export({ format: 'der', type: 'spki' }).toString('base64') }]
    case 'DescribeKey':
      return [200, { KeyMetadata: { Arn: input['KeyId'], KeyId: input['KeyId'], KeyState: key.state } }]
    case 'ScheduleKeyDeletion':
      key.state = 'PendingDeletion'
      return [200, { KeyId: input['KeyId'], KeyState: key.state }]
    case 'Sign':
      return key.state === 'Enabled' ? signMessage(key, input) : refuse('KMSInvalidStateException', key.state)
    default:
      return refuse('UnknownOperationException', operation)
  }
}

function generatePair(spec: string) {
  if (spec === 'RSA_3072') return generateKeyPairSync('rsa', { modulusLength: 3072 })
  const namedCurve = { ECC_NIST_P256: 'P-256', ECC_NIST_P384: 'P-384', ECC_NIST_P521: 'P-521' }[spec]
  return namedCurve === undefined ? undefined : generateKeyPairSync('ec', { namedCurve })
}

function signMessage({ privateKey }: Key, input: Input): readonly [number, object] {
  if (input['MessageType'] !== 'DIGEST') return refuse('ValidationException', 'digests only')
  const digest = Buffer.from(input['Message'] ?? '', 'base64')
  const signature =
    input['SigningAlgorithm'] === 'ECDSA_SHA_256'
      ? signDigestWithP256(privateKey, digest)
      : input['SigningAlgorithm'] === 'RSASSA_PKCS1_V1_5_SHA_256'
        ? signDigestWithRsa(privateKey, digest)
        : undefined
  if (signature === undefined) return refuse('InvalidKeyUsageException', input['SigningAlgorithm'] ?? '')
  return [200, { Signature: signature.toString('base64'), SigningAlgorithm: input['SigningAlgorithm'] }]
}

/** PKCS #1 v1.5 over a digest; Node.js signs messages only. */
function signDigestWithRsa(key: KeyObject, digest: Buffer): Buffer {
  const digestInfo = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), digest])
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo)
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** FIPS 186-5 section 6.4.1 over a digest; Node.js signs messages only. @returns DER, like KMS */
function signDigestWithP256(key: KeyObject, digest: Buffer): Buffer {
  const { d = '' } = key.export({ format: 'jwk' })
  const nonce = createECDH('prime256v1')
  const point = nonce.generateKeys()
  const r = toNumber(point.subarray(1, 33)) % P256_ORDER
  const sum = toNumber(digest) + r * toNumber(Buffer.from(d, 'base64url'))
  const s = (power(toNumber(nonce.getPrivateKey()), P256_ORDER - 2n) * sum) % P256_ORDER
  const numbers = Buffer.concat([r, s].map(toDerInteger))
  return Buffer.concat([Buffer.from([0x30, numbers.length]), numbers])
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`)
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let [square, left] = [base % P256_ORDER, exponent]; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P256_ORDER
    square = (square * square) % P256_ORDER
  }
  return result
}

function toDerInteger(value: bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const positive = (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), bytes]) : bytes
  return Buffer.concat([Buffer.from([0x02, positive.length]), positive])
}

/** AWS Signature Version 4 for a POST without a query. */
function isSigned({ headers, url = '/', method = '' }: IncomingMessage, body: string): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/kms\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
  const [, id, day = '', region = '', names = '', signature] = form.exec(headers.authorization ?? '') ?? []
  if (id !== ACCESS_KEY.accessKeyId || region !== REGION) return false
  const signed = names.split(';')
  if (!['host', 'x-amz-date', 'x-amz-target'].every((name) => signed.includes(name))) return false
  const canonical = [
    ...[method, url, ''],
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    ...['', names, sha256(body)],
  ].join('\n')
  const scope = `${day}/${region}/kms/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = [day, region, 'kms', 'aws4_request'].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${ACCESS_KEY.secretAccessKey}`),
  )
  return hmac(key, text).toString('hex') === signature
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function refuse(__type: string, message: string): readonly [number, Refusal] {
  return [400, { __type, message }]
}
