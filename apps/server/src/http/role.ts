// A server in this process, as the HTTP layer sees it.

export interface ServerRole {
  /** `idp`, or `as:` and the id of the authorization server */
  readonly name: string
  readonly issuer: string
  /** The prefix of its endpoints: '' for the IdP, `/as/{id}` for an authorization server */
  readonly basePath: string
  /** Whether browsers request this path for a user; all other paths are for programs. */
  isPage(path: string): boolean
  /** The response to a request that is not read, because too many are in progress; undefined if any will do */
  refuseOverload?(request: Request): Promise<Response> | undefined
  /** @param ip - the address of the client */
  fetch(request: Request, ip?: string): Promise<Response>
}
