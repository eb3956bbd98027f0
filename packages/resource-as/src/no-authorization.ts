// The authorization endpoint of a server without sign-in. It exists only for metadata: some clients, such as the MCP
// SDK with its `CrossAppAccessProvider`, refuse metadata without it, though RFC 8414 section 2 requires it only if a
// grant uses it. It decides nothing: users who are sent here learn how access is granted.

const TEXT = `This server has no sign-in and no consent page: the user's organisation grants access to its resources. An app
requests an ID-JAG from its identity provider and redeems it at the token endpoint. If an app sent you here, it does not
support this; contact its developer, or ask your administrator for access.
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
