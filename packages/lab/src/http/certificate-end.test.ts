// A resumed session has no certificate, so its expiry is unknown.
import type { PeerCertificate } from 'node:tls'

import { expect, it } from 'vitest'

import { readCertificateEnd } from './certificate-end.ts'

const socket = (certificate: object) => ({ getPeerCertificate: () => certificate as PeerCertificate })

it.each<[object, number | undefined]>([
  [{ valid_to: 'Dec  3 08:56:27 2026 GMT' }, Date.UTC(2026, 11, 3, 8, 56, 27)],
  [{}, undefined],
])('%j ends %j', (certificate, endsMs) =>
  expect(readCertificateEnd(socket(certificate) as Parameters<typeof readCertificateEnd>[0])).toBe(endsMs),
)
