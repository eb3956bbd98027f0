// Repository files generated from the server's code by `npm run generate`.
import { z } from 'zod'

import { zAccessLogLine } from './http/access-log-line.ts'

export function generatedFiles(): readonly { readonly path: string; readonly content: string }[] {
  const content = `${JSON.stringify(z.toJSONSchema(zAccessLogLine), null, 2)}\n`
  return [{ path: 'docs/reference/access-log.schema.json', content }]
}
