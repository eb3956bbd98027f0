export { connectXaa, withEnterpriseAuthorization, xaaTransport, type XaaTransportOptions } from './client.ts'
export { type XaaMcp, xaaMcp, type XaaMcpContext, type XaaMcpOptions, xaaOf } from './server.ts'
export type { ToolScopes } from './tool-scopes.ts'
