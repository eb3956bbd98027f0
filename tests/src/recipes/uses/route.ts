// Calls the route of the recipe over HTTP and by its command, and looks it up in the OpenAPI document.
import { ADMIN_TOKEN, adminOf } from '../../admin/admin.ts'
import { crosswalk } from '../../cli/run-crosswalk.ts'
import { company } from '../../support/company.ts'
import { startTestServer } from '../../support/server.ts'

const PATH = '/unconnected-apps'

export async function useRoute() {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  const { baseUrl } = server
  const admin = adminOf(baseUrl)
  const listed = await admin('GET', PATH)
  const wrong = await admin('GET', `${PATH}?limit=none`)
  const anonymous = await admin('GET', PATH, { token: null })
  const { body: helpdesk } = await admin('POST', '/tokens', { body: { name: 'Hedy', role: 'helpdesk' } })
  const forbidden = await admin('GET', PATH, { token: helpdesk.token })
  const described = await admin('GET', '/openapi.json')
  const command = await crosswalk(['unconnected-apps', '-o', 'csv', '--server', baseUrl], {
    env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
  })
  await server.stop()
  return {
    listed: [listed.status, listed.body],
    wrong: wrong.status,
    anonymous: anonymous.status,
    forbidden: forbidden.status,
    described: described.body.paths[PATH]?.get.summary,
    command: [command.exitCode, command.out.trim().split(/\s+/)],
  }
}
