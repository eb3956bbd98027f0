export { connectXaa, withEnterpriseAuthorization, xaaTransport, type XaaTransportOptions } from './client.ts'
export { type XaaMcp, xaaMcp, type XaaMcpContext, type XaaMcpOptions, xaaOf } from './server.ts'
export type { McpScopes, ScopeMap } from './needed-scopes.ts'
