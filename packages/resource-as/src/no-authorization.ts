// The authorization endpoint of a server that signs no one in: it exists to be named. Clients that insist on the member, such
// as that of the MCP SDK with its `CrossAppAccessProvider`, refuse metadata without it, though RFC 8414 section 2 asks for it
// only where a grant uses it. Decides nothing: a user who is sent here is told where access comes from.

const TEXT = `No one signs in here, and no one is asked for consent: access to this server's resources is given by the
organisation of the user. An app asks its identity provider for an ID-JAG and redeems it at the token endpoint. If an app
sent you here, it does not know how; tell its makers, or ask your administrator for access.
`

/** @returns 400 in plain words, whatever was asked; never a redirect, because no client and no redirect URI was checked */
export async function refuseAuthorization(): Promise<Response> {
  return new Response(TEXT, {
    status: 400,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}
