// Files of the repository that are written from the code of the server. `npm run generate` writes them.
import { z } from 'zod'

import { zAccessLogLine } from './http/access-log-line.ts'

export function generatedFiles(): readonly { readonly path: string; readonly content: string }[] {
  const content = `${JSON.stringify(z.toJSONSchema(zAccessLogLine), null, 2)}\n`
  return [{ path: 'docs/reference/access-log.schema.json', content }]
}
