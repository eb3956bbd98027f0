// Looks for the product of the recipe wherever presets are offered; `page.ts` looks for it in the console.
import { readFileSync } from 'node:fs'

import { trustedIssuer } from '@crosswalk/protocol/vendors'

import { ADMIN_TOKEN } from '../../admin/admin.ts'
import { crosswalk } from '../../cli/run-crosswalk.ts'
import { company } from '../../support/company.ts'
import { startTestServer } from '../../support/server.ts'
import { findPreset } from '../../../../apps/playground/src/presets.ts'
import { diagnoseWith } from './doctor.ts'

const ISSUER = 'https://acme.nimbus.example'
const REFERENCE = new URL('../../../../docs/reference/identity-providers.md', import.meta.url)

export async function useVendorPreset() {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  const card = ['card', '--authorization-server', 'vendor', '--for', 'nimbus', '--server', server.baseUrl]
  const { out } = await crosswalk(card, { env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN } })
  await server.stop()
  // The types of this repository do not know the product.
  const entry = trustedIssuer('nimbus' as 'okta', { tenant: 'acme' } as never)
  const { examples } = findPreset('nimbus')
  const findings = await diagnoseWith({ grant_types_supported: [] }, ISSUER)
  return {
    card: [out.split('\n')[0], out.includes('Resource issuer'), out.includes('Agents > Resources')],
    entry,
    playground: examples,
    fix: findings.find(({ id }) => id === 'M03')?.fix,
    section: readFileSync(REFERENCE, 'utf8').includes('\n## Nimbus ID\n'),
  }
}
