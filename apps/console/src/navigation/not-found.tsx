// The page for unknown URLs.
import { IconSignRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { State } from '../components/states.tsx'
import { useWindowTitle } from '../hooks/use-window-title.ts'
import { text } from '../texts/text.ts'

export function NotFound() {
  useWindowTitle(text('nav.notFound'))
  return (
    <State
      icon={<IconSignRight size={32} />}
      title={text('nav.notFound')}
      actions={<Link to="/">{text('word.overview')}</Link>}
    >
      {text('nav.notFoundText')}
    </State>
  )
}
