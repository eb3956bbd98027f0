// A self-signed certificate for test servers on this machine.
import 'reflect-metadata'

import { webcrypto } from 'node:crypto'

import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'

export interface TlsCertificate {
  /** Both in PEM */
  readonly key: string
  readonly cert: string
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export async function createTlsCertificate(): Promise<TlsCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: '01',
      name: 'CN=a server of a test',
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
    },
    webcrypto,
  )
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`,
    cert: certificate.toString('pem'),
  }
}
