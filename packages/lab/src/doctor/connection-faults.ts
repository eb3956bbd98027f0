// What the error code of a failed connection says about the server, and what to do.

/** As OpenSSL and Node.js name what is wrong with a certificate */
const CERTIFICATE_CODE =
  /^(CERT_|CRL_|DEPTH_ZERO|ERROR_IN_CERT|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|SELF_SIGNED|UNABLE_TO)/

export const TLS_CODE = new RegExp(`${CERTIFICATE_CODE.source}|^(EPROTO|ERR_SSL|ERR_TLS)`)

interface ConnectionFault {
  readonly code: RegExp
  readonly what: (host: string) => string
  readonly fix: string
}

const invalid = (host: string) => `The certificate of ${host} is invalid`
const CLIENT_CERTIFICATE = 'require a client certificate, which Crosswalk does not send'

/** The first match applies. */
const CONNECTION_FAULTS: readonly ConnectionFault[] = [
  { code: /^CERT_HAS_EXPIRED$/, what: invalid, fix: 'Renew it.' },
  {
    code: /^CERT_NOT_YET_VALID$/,
    what: invalid,
    fix: 'Check the clock here. If it is right, the certificate is for later: use another until then.',
  },
  {
    code: /ALTNAME_INVALID$|^HOSTNAME_MISMATCH$/,
    what: invalid,
    fix: 'Use a host name that the certificate covers, or have it cover this one.',
  },
  {
    code: /^INVALID_PURPOSE$/,
    what: invalid,
    fix: 'Use a certificate for servers (extended key usage serverAuth).',
  },
  {
    code: /^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/,
    what: invalid,
    fix: 'Have the server send its whole chain. For a private CA, set NODE_EXTRA_CA_CERTS to the file of its certificate, here and on every server that calls this one.',
  },
  { code: CERTIFICATE_CODE, what: invalid, fix: 'Correct its certificate chain.' },
  {
    code: /^ERR_SSL.*ALERT/,
    what: (host) => `${host} refuses the TLS connection`,
    fix: `It may accept only other versions of TLS or other ciphers, or ${CLIENT_CERTIFICATE}.`,
  },
  {
    code: TLS_CODE,
    what: (host) => `No TLS at ${host}`,
    fix: 'Check the port: the server may use plain HTTP there, or other versions of TLS.',
  },
  {
    code: /^(HTTPParserError|HPE_\w+)$/,
    what: (host) => `${host} does not respond with HTTP`,
    fix: 'Check the port: another protocol is served there.',
  },
  {
    code: /^(UND_ERR_SOCKET|ECONNRESET)$/,
    what: (host) => `${host} closed the connection without a response`,
    fix: `Check the port, and the log of the server. It may expect https instead of http, or ${CLIENT_CERTIFICATE}.`,
  },
]

/** @param code - of Node.js, OpenSSL or the HTTP client */
export function findConnectionFault(code: string): ConnectionFault | undefined {
  return CONNECTION_FAULTS.find((fault) => fault.code.test(code))
}
