// The minimum that a token server can do: read a form, verify one ES256 JWT, sign one, respond. No checks, no
// records, nothing durable. The baseline for the real servers. Arguments: port, public key of the assertions as JWK.
import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'

const [port, jwk] = process.argv.slice(2)
const publicKey = createPublicKey({ key: JSON.parse(jwk ?? ''), format: 'jwk' })
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const header = encode({ alg: 'ES256', typ: 'at+jwt', kid: 'floor' })

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const status = request.method === 'POST' ? undefined : 200
    const answer = status === undefined ? exchange(Buffer.concat(chunks).toString()) : {}
    const body = JSON.stringify(answer ?? { error: 'invalid_grant' })
    response.writeHead(answer === undefined ? 400 : 200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    })
    response.end(body)
  })
}).listen(Number(port), '127.0.0.1')

process.on('SIGTERM', () => process.exit(0))

function exchange(form: string): object | undefined {
  const assertion = new URLSearchParams(form).get('assertion') ?? ''
  const [protectedHeader, payload, signature] = assertion.split('.')
  const input = Buffer.from(`${protectedHeader}.${payload}`)
  if (!verifyEs256(input, publicKey, Buffer.from(signature ?? '', 'base64url'))) return undefined
  const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as Record<string, unknown>
  const now = Math.floor(Date.now() / 1000)
  const output = `${header}.${encode({ ...claims, iat: now, exp: now + 300 })}`
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
  const token = `${output}.${sign('sha256', Buffer.from(output), key).toString('base64url')}`
  return { access_token: token, token_type: 'Bearer', expires_in: 300 }
}

function verifyEs256(input: Buffer, key: KeyObject, signature: Buffer): boolean {
  return verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
