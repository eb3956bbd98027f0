// The authorization endpoint of a server without sign-in. It exists only for metadata: some clients, such as the MCP
// SDK with its `CrossAppAccessProvider`, refuse metadata without it, though RFC 8414 section 2 requires it only if a
// grant uses it. It decides nothing: users who are sent here learn how access is granted.

const TEXT = `No one signs in here, and no one is asked for consent: access to this server's resources is given by the
organisation of the user. An app asks its identity provider for an ID-JAG and redeems it at the token endpoint. If an app
sent you here, it does not know how; tell its makers, or ask your administrator for access.
`

/**
 * @returns 400 with plain text, whatever the request; never a redirect, because client and redirect URI were not
 * verified
 */
export async function refuseAuthorization(): Promise<Response> {
  return new Response(TEXT, {
    status: 400,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}
