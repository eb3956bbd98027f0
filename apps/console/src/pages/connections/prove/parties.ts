// The parties of a proof.
import type { AnswerTo } from '@crosswalk/admin-api'

import type { Connection } from '../../../components/object/connection-state.ts'

type App = AnswerTo<'apps.read'>

export interface Parties {
  readonly connection: Connection
  /** For an app with a metadata document, only id and name are known. */
  readonly app: Pick<App, 'id' | 'name'> & Partial<App>
  readonly resourceApp: AnswerTo<'resource-apps.read'>
}
