// When the certificate that a connection was made with ends.
import type { TLSSocket } from 'node:tls'

/** @returns milliseconds; undefined where the connection resumed a session, for which the peer sends no certificate again */
export function readCertificateEnd(socket: Pick<TLSSocket, 'getPeerCertificate'>): number | undefined {
  const endsMs = Date.parse(socket.getPeerCertificate().valid_to)
  return Number.isNaN(endsMs) ? undefined : endsMs
}
