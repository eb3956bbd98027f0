// Identity providers in the configuration file: as defined for the IdP, and the admin role that groups from there may
// give, as for directories.
import { ROLES } from '@crosswalk/admin-api'
import { zSubjectIssuer, zUpstream } from '@crosswalk/protocol'
import { z } from 'zod'

const zRole = z.enum(['none', ...ROLES]).default('none')
export type RoleCeiling = z.infer<typeof zRole>

const zProviderRole = zRole.describe(
  'Highest admin role that groups from there give. Groups with a higher one are ignored for users who lack them here.',
)

export const zDirectoryRole = zRole.describe(
  'Highest admin role that its users may hold; a change that would give a higher one is denied.',
)

const [zOidc, zSaml] = zUpstream.options
export const zFileUpstream = z.discriminatedUnion('type', [
  zOidc.extend({ role: zProviderRole }),
  zSaml.extend({ role: zProviderRole }),
])

export const zFileSubjectIssuer = zSubjectIssuer.extend({ role: zProviderRole })
