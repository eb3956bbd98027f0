// Files of the repository that are written from the table. `npm run generate` writes them, `npm run check` compares.
import { buildOpenApi } from './openapi.ts'

/** @returns each file with its path from the root of the repository */
export function generatedFiles(): readonly { readonly path: string; readonly content: string }[] {
  return [{ path: 'docs/reference/openapi.json', content: `${JSON.stringify(buildOpenApi(), null, 2)}\n` }]
}
