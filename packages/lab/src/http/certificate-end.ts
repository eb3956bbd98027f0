// When the certificate of a connection expires.
import type { TLSSocket } from 'node:tls'

/** @returns milliseconds; undefined for a resumed session, for which the peer does not send its certificate again */
export function readCertificateEnd(socket: Pick<TLSSocket, 'getPeerCertificate'>): number | undefined {
  const endsMs = Date.parse(socket.getPeerCertificate().valid_to)
  return Number.isNaN(endsMs) ? undefined : endsMs
}
