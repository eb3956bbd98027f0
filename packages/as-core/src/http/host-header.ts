// Whether a request names its host as RFC 9112 section 3.2 demands. Node.js refuses HTTP/1.1 requests without `Host`
// itself, but of several it silently uses the first, while a proxy may use the last. Two parties that disagree about
// the host of a request can be made to serve or cache the wrong response.
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Name or address (RFC 3986 section 3.2.2) and port; empty for a request whose URL has no host */
const VALUE = /^(\[[\da-f:.]+\]|([\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(:\d*)?$/i

/** Sends 400 for a request with an invalid `Host`. @returns whether it did */
export function refuseInvalidHost(request: IncomingMessage, response: ServerResponse): boolean {
  if (hasValidHost(request)) return false
  response.writeHead(400, { connection: 'close' }).end()
  return true
}

/** @returns false if there are several `Host` fields, even equal ones, or the value is not a host, such as `1.2.3.4.5` */
function hasValidHost({ rawHeaders, headers: { host } }: IncomingMessage): boolean {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === 'host') count += 1
  return count < 2 && (!host || (VALUE.test(host) && URL.canParse(`http://${host}`)))
}
