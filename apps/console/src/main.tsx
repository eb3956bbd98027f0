// Starts the console in the page that the server sent.
import './theme/mantine-styles.ts'
import '@mantine/notifications/styles.layer.css'
import './theme/base.css'
import './theme/components.css'

import { createRoot } from 'react-dom/client'

import { App } from './app.tsx'

const baseUrl = document.querySelector<HTMLMetaElement>('meta[name="crosswalk-base-url"]')?.content
// The session belongs to one origin; under another name of the same server, sign-in would fail.
if (baseUrl !== undefined && URL.canParse(baseUrl) && new URL(baseUrl).origin !== location.origin)
  location.replace(new URL(location.pathname + location.search + location.hash, baseUrl))
else {
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no root')
  createRoot(root).render(<App />)
}
