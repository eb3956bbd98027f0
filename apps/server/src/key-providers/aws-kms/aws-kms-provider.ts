// Keys in AWS KMS through the AWS SDK, which signs requests and finds credentials like every other AWS client.
import { createHash, createPublicKey } from 'node:crypto'
import type { KMSClient, KeySpec, SigningAlgorithmSpec } from '@aws-sdk/client-kms'
import {
  cleanForeignText,
  createGuardedWebFetch,
  isLoopbackHost,
  KEY_URI_PREFIX,
  type KeyProvider,
  KeyProviderFault,
} from '@crosswalk/as-core'
import { type AwsKmsDefinition, StartError } from '@crosswalk/control'
import type { PublicJwk, SignatureAlgorithm } from '@crosswalk/protocol'

import { convertFromDer } from './ecdsa-signature.ts'

const NAME = 'awsKms'
/** The minimum that KMS accepts */
const DELETION_DAYS = 7
const ATTEMPTS = 2

/** @throws StartError if the SDK is not installed */
export async function openAwsKmsProvider(definition: AwsKmsDefinition): Promise<KeyProvider> {
  const sdk = await import('@aws-sdk/client-kms').catch((cause: unknown) => {
    const message = `AWS KMS needs the package @aws-sdk/client-kms: ${messageOf(cause)}`
    throw new StartError(message, 'run `npm install @aws-sdk/client-kms` next to Crosswalk', { cause })
  })
  const { endpoint, privateNetwork } = definition
  const allowLoopback = endpoint !== undefined && isLoopbackHost(new URL(endpoint).hostname)
  const web = createGuardedWebFetch({ allowLoopback, allowPrivate: privateNetwork })
  const client: KMSClient = new sdk.KMSClient({
    ...describeClient(definition),
    maxAttempts: ATTEMPTS,
    requestHandler: createRequestHandler(web.fetch),
  })

  async function ask<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      throw new KeyProviderFault(NAME, messageOf(error), error)
    }
  }

  async function discardKey(KeyId: string): Promise<void> {
    const command = new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: DELETION_DAYS })
    await ask(() => client.send(command))
  }

  return {
    name: NAME,
    uriPrefix: KEY_URI_PREFIX[NAME],
    createKey: (algorithm, label) =>
      ask(async () => {
        const { spec: KeySpec } = KMS_ALGORITHMS[algorithm]
        const made = await client.send(
          new sdk.CreateKeyCommand({ KeySpec, KeyUsage: 'SIGN_VERIFY', Description: label }),
        )
        const uri = required(made.KeyMetadata?.Arn)
        try {
          const { PublicKey } = await client.send(new sdk.GetPublicKeyCommand({ KeyId: uri }))
          return { uri, publicJwk: readPublicJwk(required(PublicKey)) }
        } catch (error) {
          await discardKey(uri).catch(() => undefined)
          throw error
        }
      }),
    discardKey,
    sign: (KeyId, algorithm, data) =>
      ask(async () => {
        const command = new sdk.SignCommand({ KeyId, ...describeMessage(algorithm, data) })
        const signature = required((await client.send(command)).Signature)
        const { coordinateBytes } = KMS_ALGORITHMS[algorithm]
        return coordinateBytes === undefined ? signature : convertFromDer(signature, coordinateBytes)
      }),
    async findTrouble(KeyId) {
      if (KeyId === undefined) return undefined
      try {
        const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId }))
        const { KeyState = 'in an unknown state' } = KeyMetadata ?? {}
        return KeyState === 'Enabled' ? undefined : cleanForeignText(`the key is ${KeyState}`)
      } catch (error) {
        return nameTrouble(error)
      }
    },
    async close() {
      client.destroy()
      await web.close()
    },
  }
}

/** Without configured credentials, the SDK uses its default chain: environment, files, instance and pod roles. */
function describeClient({ region, endpoint, accessKeyId, secretAccessKey, sessionToken }: AwsKmsDefinition) {
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } }),
  }
}

function describeMessage(algorithm: SignatureAlgorithm, data: Uint8Array) {
  const { digest, signing: SigningAlgorithm } = KMS_ALGORITHMS[algorithm]
  return digest === undefined
    ? { SigningAlgorithm, MessageType: 'RAW' as const, Message: data }
    : { SigningAlgorithm, MessageType: 'DIGEST' as const, Message: createHash(digest).update(data).digest() }
}

function readPublicJwk(spki: Uint8Array): PublicJwk {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  return key.export({ format: 'jwk' }) as unknown as PublicJwk
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the response of KMS is incomplete')
  return value
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return cleanForeignText(String(error))
  return cleanForeignText(isOfService(error) ? `${error.name}: ${error.message}` : error.message)
}

/** Anyone may read `/readyz`, and messages of the service name the account, the role and the key. */
function nameTrouble(error: unknown): string {
  return error instanceof Error && isOfService(error) ? cleanForeignText(error.name) : messageOf(error)
}

function isOfService({ name }: Error): boolean {
  return name !== 'Error' && name !== 'TypeError'
}

/** How a key for each JWS algorithm is created and used in AWS KMS. */
interface KmsAlgorithm {
  readonly spec: KeySpec
  readonly signing: SigningAlgorithmSpec
  /**
   * Hash to sign, so that no token exceeds the service's limit; undefined if KMS takes the text itself, up to 4096
   * bytes
   */
  readonly digest?: string
  /** Bytes of r and of s (RFC 7518 section 3.4), if signatures are DER */
  readonly coordinateBytes?: number
}

const ED25519: KmsAlgorithm = { spec: 'ECC_NIST_EDWARDS25519', signing: 'ED25519_SHA_512' }

const rsa = (signing: SigningAlgorithmSpec, digest: string): KmsAlgorithm => ({
  spec: 'RSA_3072',
  signing,
  digest,
})

const KMS_ALGORITHMS: Readonly<Record<SignatureAlgorithm, KmsAlgorithm>> = {
  ES256: { spec: 'ECC_NIST_P256', signing: 'ECDSA_SHA_256', digest: 'sha256', coordinateBytes: 32 },
  ES384: { spec: 'ECC_NIST_P384', signing: 'ECDSA_SHA_384', digest: 'sha384', coordinateBytes: 48 },
  ES512: { spec: 'ECC_NIST_P521', signing: 'ECDSA_SHA_512', digest: 'sha512', coordinateBytes: 66 },
  EdDSA: ED25519,
  Ed25519: ED25519,
  RS256: rsa('RSASSA_PKCS1_V1_5_SHA_256', 'sha256'),
  RS384: rsa('RSASSA_PKCS1_V1_5_SHA_384', 'sha384'),
  RS512: rsa('RSASSA_PKCS1_V1_5_SHA_512', 'sha512'),
  PS256: rsa('RSASSA_PSS_SHA_256', 'sha256'),
  PS384: rsa('RSASSA_PSS_SHA_384', 'sha384'),
  PS512: rsa('RSASSA_PSS_SHA_512', 'sha512'),
}

/** A request signed by the SDK; all of them are JSON POSTs without a query. */
interface SignedRequest {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

/** `fetch` derives these from the URL and body. */
const DERIVED: ReadonlySet<string> = new Set(['host', 'content-length'])

/** Sends the SDK's requests through the guarded client, like all of our requests. */
function createRequestHandler(fetch: typeof globalThis.fetch) {
  return {
    async handle({ protocol, hostname, port, path, method, headers, body }: SignedRequest) {
      const url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`
      const kept = Object.entries(headers).filter(([name]) => !DERIVED.has(name.toLowerCase()))
      const answer = await fetch(url, { method, headers: kept, body: body ?? null })
      const response = {
        statusCode: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: answer.body,
      }
      return { response }
    },
  }
}
