// The frame around every page: navigation, search, live state, theme, and who is signed in.
import { ActionIcon, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHelp, IconMenu2, IconSearch } from '@tabler/icons-react'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'

import { useLiveState } from '../api/live.ts'
import { Logo } from '../components/logo.tsx'
import { PageSkeleton } from '../components/states.tsx'
import { useKeptFocus } from '../hooks/use-kept-focus.ts'
import { isDialogOpen, useShortcut, IS_APPLE, PALETTE_KEYS } from '../keyboard/shortcuts.tsx'
import { RoleContext } from '../session/role-context.ts'
import { useSession } from '../session/session.tsx'
import { text } from '../texts/text.ts'
import { AreaTabs } from './area-tabs.tsx'
import {
  HelpDialog,
  MenuDialog,
  OverrideDialogHost,
  PaletteDialog,
  ReasonDialogHost,
  usePreloadedPalette,
} from './frame-dialogs.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Navigation } from './navigation.tsx'
import { ThemeMenu } from './theme-menu.tsx'
import type { PageEntry } from '../pages/page-entry.ts'
import { PAGES } from './pages.ts'
import { useIsVisible } from './use-is-visible.ts'

export function AppFrame() {
  const session = useSession()
  const [menuOpen, menu] = useDisclosure(false)
  const [paletteOpen, palette] = useDisclosure(false)
  const [helpOpen, help] = useDisclosure(false)
  usePaletteKey(paletteOpen, palette.toggle)
  usePreloadedPalette()
  useKeptFocus()
  useShortcut(
    { keys: '?', label: text('word.keyboardShortcuts'), group: text('help.group.everywhere') },
    help.open,
  )
  return (
    <RoleContext value={text(`role.${session.role}`)}>
      <a className="cw-skip" href="#page">
        {text('app.skip')}
      </a>
      <Header openMenu={menu.open} openPalette={palette.open} openHelp={help.open} />
      <div className="cw-body">
        <nav className="cw-nav cw-wide-only" aria-label={text('nav.label')}>
          <Navigation />
        </nav>
        <main id="page" tabIndex={-1} className="cw-page">
          <AreaTabs />
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <MenuDialog opened={menuOpen} close={menu.close} />
      <PaletteDialog opened={paletteOpen} close={palette.close} />
      <ReasonDialogHost />
      <OverrideDialogHost />
      <HelpDialog opened={helpOpen} close={help.close} />
      <GoToShortcuts />
    </RoleContext>
  )
}

interface HeaderProps {
  readonly openMenu: () => void
  readonly openPalette: () => void
  readonly openHelp: () => void
}

function Header({ openMenu, openPalette, openHelp }: HeaderProps) {
  const { issuer } = useSession()
  return (
    <header className="cw-header">
      <ActionIcon color="gray" className="cw-narrow-only" onClick={openMenu} aria-label={text('nav.open')}>
        <IconMenu2 size={20} aria-hidden="true" />
      </ActionIcon>
      <a className="cw-brand" href="/admin/" aria-label={text('app.name')}>
        <Logo size={28} />
        <span className="cw-wide-only">{text('app.name')}</span>
      </a>
      {issuer === undefined ? (
        <span className="cw-chip cw-info cw-wide-only">{text('app.resourceSide')}</span>
      ) : null}
      <SearchButton open={openPalette} />
      <div className="cw-header-end">
        <LiveChip />
        <Tooltip label={text('word.keyboardShortcuts')}>
          <ActionIcon
            color="gray"
            onClick={openHelp}
            aria-label={text('word.keyboardShortcuts')}
            className="cw-wide-only"
          >
            <IconHelp size={20} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
        <ThemeMenu />
        <AccountMenu />
      </div>
    </header>
  )
}

function SearchButton({ open }: { readonly open: () => void }) {
  return (
    <button type="button" className="cw-search-button" onClick={open}>
      <IconSearch size={18} aria-hidden="true" />
      <span>{text('word.search')}</span>
      <kbd className="cw-wide-only">{PALETTE_KEYS.join(IS_APPLE ? '' : ' ')}</kbd>
    </button>
  )
}

/** Also works inside fields, since it has a modifier, but not behind a dialog. */
function usePaletteKey(opened: boolean, toggle: () => void): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey) return
      event.preventDefault()
      if (opened || !isDialogOpen()) toggle()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [opened, toggle])
}

/** `G` followed by a letter opens a page. */
function GoToShortcuts() {
  return PAGES.filter(({ keys }) => keys !== undefined).map((entry) => (
    <GoTo key={entry.path} entry={entry} />
  ))
}

function GoTo({ entry }: { readonly entry: PageEntry }) {
  const { path, title, keys = '' } = entry
  const navigate = useNavigate()
  const may = useIsVisible()(entry)
  useShortcut(
    { keys, label: title, group: text('help.group.go') },
    may ? () => void navigate({ to: path }) : undefined,
  )
  return null
}

/** Shows whether the page updates live. Prominent only if it does not. */
function LiveChip() {
  const state = useLiveState()
  return (
    <span className={`cw-live cw-live-${state}`} role="status">
      <span className="cw-live-dot" aria-hidden="true" />
      <span className={state === 'lost' ? undefined : 'cw-wide-only'}>{text(`live.${state}`)}</span>
    </span>
  )
}
