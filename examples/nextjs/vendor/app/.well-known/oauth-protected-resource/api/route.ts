import { metadata } from '@crosswalk/resource/next'

import { api } from '../../../../authorization-server.ts'

export const GET = metadata(api)
