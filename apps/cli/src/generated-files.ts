// Repository files generated from code: `npm run generate` writes them, and `npm run check` compares them.
import { renderDoctorPage } from '@crosswalk/lab'
import { renderCommandLinePage } from './reference-page.ts'

/** @returns the files, with paths relative to the repository root */
export function generatedFiles(): readonly { readonly path: string; readonly content: string }[] {
  return [
    { path: 'docs/reference/command-line.md', content: renderCommandLinePage() },
    { path: 'docs/reference/doctor-checks.md', content: renderDoctorPage() },
  ]
}
