// Mounts the console in the served page.
import './theme/mantine-styles.ts'
import '@mantine/notifications/styles.layer.css'
import './theme/base.css'
import './theme/components.css'
import './theme/forced-colors.css'

import { createRoot } from 'react-dom/client'

import { App } from './app.tsx'

const baseUrl = document.querySelector<HTMLMetaElement>('meta[name="crosswalk-base-url"]')?.content
// The session cookie belongs to one origin, so sign-in would fail under another host name of the server.
if (baseUrl !== undefined && URL.canParse(baseUrl) && new URL(baseUrl).origin !== location.origin)
  location.replace(new URL(location.pathname + location.search + location.hash, baseUrl))
else {
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no root')
  createRoot(root).render(<App />)
}
