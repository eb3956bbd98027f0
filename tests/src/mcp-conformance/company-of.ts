// The test company, with a third-party MCP server and authorization server in place of Todo0.
import { AGENT, AGENT_AT_VENDOR, company } from '../support/company.ts'

const SCOPES = ['mcp:basic', 'mcp:read', 'mcp:write', 'mcp:admin']

/**
 * @param issuer - of the authorization server
 * @param resource - URL of the MCP server
 */
export function companyOf(baseUrl: string, issuer: string, resource: string): Record<string, unknown> {
  const everyone = { everyone: true }
  return company(baseUrl, {
    idp: {
      resourceApps: [
        {
          id: 'mcp',
          name: 'An MCP server',
          issuer,
          resources: [{ id: resource, scopes: SCOPES }],
          assignments: everyone,
        },
      ],
      connections: [
        {
          id: 'agent0-mcp',
          app: AGENT.id,
          resourceApp: 'mcp',
          clientId: AGENT_AT_VENDOR.id,
          resources: [resource],
          scopes: SCOPES,
          assignments: everyone,
          status: 'active',
        },
      ],
    },
  })
}
