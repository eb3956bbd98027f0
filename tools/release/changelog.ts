// The shared changelog of all packages: turns the unreleased changes into the section of a version.

const UNRELEASED = '## Unreleased'

/** @param changeset - a file of Changesets. @returns the text below its front matter */
export function readSummary(changeset: string): string {
  const [, summary] = /^---\n[\s\S]*?\n---\n([\s\S]*)$/.exec(changeset) ?? []
  if (summary === undefined || summary.trim() === '') throw new Error(`no changeset: ${changeset}`)
  return summary.trim()
}

/**
 * @param summaries - in Markdown, added to the existing content of the section
 * @param date - as YYYY-MM-DD
 */
export function releaseChangelog(
  changelog: string,
  { version, date, summaries }: { version: string; date: string; summaries: readonly string[] },
): string {
  const start = changelog.indexOf(UNRELEASED)
  if (start === -1) throw new Error(`the changelog has no section "${UNRELEASED}"`)
  if (changelog.includes(`\n## ${version} `))
    throw new Error(`the changelog already has a section ${version}`)
  const body = changelog.slice(start + UNRELEASED.length)
  const end = body.indexOf('\n## ')
  const [unreleased, older] = end === -1 ? [body, ''] : [body.slice(0, end), body.slice(end)]
  const added = summaries.map((summary) => `- ${summary.replaceAll('\n', '\n  ')}`)
  const lines = [unreleased.trim(), ...added].filter((part) => part !== '').join('\n')
  if (lines === '') throw new Error(`no changes since the version before ${version}`)
  return `${changelog.slice(0, start)}${UNRELEASED}\n\n## ${version} (${date})\n\n${lines}\n${older}`
}
