import { expect, it } from 'vitest'

import { findFont, FONT_PATHS, renderFontFaces } from './fonts.ts'

it('serves each typeface under a permanent name derived from its content', () => {
  expect(FONT_PATHS).toHaveLength(2)
  for (const path of FONT_PATHS) {
    const font = findFont(path)
    expect(renderFontFaces()).toContain(`url('${path}')`)
    expect(font?.headers['cache-control']).toContain('immutable')
    expect(Buffer.from(font?.body.subarray(0, 4) ?? []).toString()).toBe('wOF2')
  }
})

it.each(['/fonts/', '/fonts/geist.woff2', '/fonts/../package.json'])('serves no font at %s', (path) => {
  expect(findFont(path)).toBeUndefined()
})
