// The parties of a proof.
import type { AnswerTo } from '@crosswalk/admin-api'

import type { App, Connection } from '../../../api/objects.ts'

export interface Parties {
  readonly connection: Connection
  /** For an app with a metadata document, only id and name are known. */
  readonly app: Pick<App, 'id' | 'name'> & Partial<App>
  readonly resourceApp: AnswerTo<'resource-apps.read'>
}
