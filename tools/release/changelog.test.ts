import { describe, expect, it } from 'vitest'

import { readSummary, releaseChangelog } from './changelog.ts'

const RELEASE = { version: '0.2.0', date: '2026-12-01', summaries: ['Packages.\nOf the server.'] }
const BEFORE = '# Changelog\n\nText.\n\n## Unreleased\n\n- A chart.\n\n## 0.1.0 (2026-11-01)\n\n- First.\n'

describe('the changelog', () => {
  it('moves unreleased changes and changesets into the section of the version', () => {
    expect(releaseChangelog(BEFORE, RELEASE)).toBe(
      '# Changelog\n\nText.\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n- A chart.\n- Packages.\n  Of the server.\n\n## 0.1.0 (2026-11-01)\n\n- First.\n',
    )
  })

  it('creates the first section', () => {
    const before = '# Changelog\n\n## Unreleased\n\n- A chart.\n'
    expect(releaseChangelog(before, { ...RELEASE, summaries: [] })).toBe(
      '# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n- A chart.\n',
    )
  })

  it.each([
    ['no section "## Unreleased"', '# Changelog\n', RELEASE],
    ['a section 0.1.0', BEFORE, { ...RELEASE, version: '0.1.0' }],
    ['no changes', '# Changelog\n\n## Unreleased\n', { ...RELEASE, summaries: [] }],
  ])('rejects %s', (reason, before, release) => {
    expect(() => releaseChangelog(before, release)).toThrow(reason)
  })
})

describe('a changeset', () => {
  it('has its summary below the front matter', () => {
    expect(readSummary('---\n"@crosswalk/server": minor\n---\n\nAdd a chart.\n')).toBe('Add a chart.')
  })

  it.each(['', 'Add a chart.\n', '---\n"@crosswalk/server": minor\n---\n\n'])('rejects %j', (text) => {
    expect(() => readSummary(text)).toThrow('no changeset')
  })
})
