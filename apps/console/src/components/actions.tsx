// The actions of a page, defined once: each gets a button, a shortcut and a palette entry. A disabled button stays visible and says why.
import { Button, type ButtonProps, Menu, Tooltip } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react'
import type { RouteName } from '@crosswalk/admin-api'
import { ROUTES } from '@crosswalk/admin-api'

import { useShortcut } from '../keyboard/shortcuts.tsx'
import { useCan } from '../session/session.tsx'
import { text, type TextCode } from '../texts/text.ts'
import { createListeners } from '../hooks/listeners.ts'
import { smallIcon } from './small-icon.tsx'

export interface Action {
  readonly label: string
  readonly icon?: ReactNode
  /** A single key, shown in the help sheet */
  readonly keys?: string
  /** The route it calls; without a role for it, the button is disabled and names the roles that have one */
  readonly needs?: RouteName
  /** The owner of the object it changes, since nothing here changes what the configuration file defines */
  readonly owner?: 'file' | 'database'
  /** Why else it is disabled */
  readonly disabled?: string | undefined
  readonly button?: Pick<ButtonProps, 'variant' | 'color'>
  /** In the menu “More actions”, where dangerous actions come last */
  readonly inMenu?: 'usual' | 'dangerous'
  readonly run: () => void
}

let offered: readonly Action[] = []
const { subscribe, notify: tell } = createListeners()

function offer(next: readonly Action[]): void {
  offered = next
  tell()
}

/** @returns the actions of the current page */
export function useActions(): readonly Action[] {
  return useSyncExternalStore(subscribe, () => offered)
}

/** @returns why the role may not; undefined if it may */
export function useForbiddenReason(): (route: RouteName | undefined) => string | undefined {
  const can = useCan()
  return (route) => {
    if (route === undefined || can(route)) return undefined
    const roles = ROUTES[route].roles.map((role) => text(`role.${role}` satisfies TextCode))
    return text('denied.needsRole', { roles: roles.join(', ') })
  }
}

/** @returns why an action is disabled, for any reason; undefined if it is not */
function useDisabledReason(): (action: Action) => string | undefined {
  const forbiddenReason = useForbiddenReason()
  return ({ needs, owner, disabled }) =>
    forbiddenReason(needs) ?? (owner === 'file' ? text('connection.fileOwned') : disabled)
}

export function ActionBar({ actions }: { readonly actions: readonly Action[] }) {
  const disabledReason = useDisabledReason()
  const judged = actions.map((action): Action => ({ ...action, disabled: disabledReason(action) }))
  useEffect(() => {
    offer([...offered, ...judged])
    return () => offer(offered.filter((one) => !judged.includes(one)))
  })
  const shown = judged.filter(({ inMenu }) => inMenu === undefined)
  const more = judged.filter(({ inMenu }) => inMenu !== undefined)
  return (
    <div className="cw-actions">
      {shown.map((action, at) => (
        // Not its label, which may follow from what it does: its button would lose the focus.
        <ActionButton key={at} action={action} />
      ))}
      {more.length === 0 ? null : <MoreActions actions={more} />}
    </div>
  )
}

function MoreActions({ actions }: { readonly actions: readonly Action[] }) {
  const dangerous = actions.filter(({ inMenu }) => inMenu === 'dangerous')
  const opener = useRef<HTMLButtonElement>(null)
  // A drawer or dialog returns the focus to where it was, and the item will be gone.
  const leaveMenu = () => opener.current?.focus()
  return (
    <>
      {actions.map((action) => (
        <ActionShortcut key={action.label} action={action} />
      ))}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button ref={opener} leftSection={smallIcon(IconDots)}>
            {text('actions.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {actions
            .filter(({ inMenu }) => inMenu === 'usual')
            .map((action) => (
              <ActionItem key={action.label} action={action} leaveMenu={leaveMenu} />
            ))}
          {dangerous.length === 0 ? null : <Menu.Divider />}
          {dangerous.map((action) => (
            <ActionItem key={action.label} action={action} leaveMenu={leaveMenu} />
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

interface ActionItemProps {
  readonly action: Action
  readonly leaveMenu: () => void
}

/** A disabled item stays visible and says why. */
function ActionItem({ action: { label, icon, inMenu, disabled, run }, leaveMenu }: ActionItemProps) {
  const choose = () => {
    leaveMenu()
    run()
  }
  return (
    <Menu.Item
      leftSection={icon}
      closeMenuOnClick={disabled === undefined}
      {...(inMenu === 'dangerous' ? { color: 'red' } : {})}
      {...(disabled === undefined
        ? { onClick: choose }
        : { 'aria-disabled': true, className: 'cw-item-off' })}
    >
      {label}
      {disabled === undefined ? null : <span className="cw-item-why">{disabled}</span>}
    </Menu.Item>
  )
}

/** The shortcut of an action works even if its menu is closed. */
function ActionShortcut({ action }: { readonly action: Action }) {
  useActionShortcut(action)
  return null
}

function useActionShortcut({ label, keys = '', disabled, run }: Action): void {
  useShortcut(
    { keys: keys === '' ? `no key for ${label}` : keys, label, group: text('help.group.page') },
    keys === '' || disabled !== undefined ? undefined : run,
  )
}

export function ActionButton({ action }: { readonly action: Action }) {
  const { label, icon, keys = '', button: style, run } = action
  const disabled = useDisabledReason()(action)
  useActionShortcut({ ...action, disabled })
  // Focusable although disabled, so that keyboard users can read the reason.
  const button = (
    <Button
      {...style}
      leftSection={icon}
      onClick={disabled === undefined ? run : (event) => event.preventDefault()}
      {...(disabled === undefined ? {} : { 'aria-disabled': true, 'data-disabled': true })}
      {...(keys === '' ? {} : { 'aria-keyshortcuts': keys })}
    >
      {label}
    </Button>
  )
  return disabled === undefined ? button : <Tooltip label={disabled}>{button}</Tooltip>
}
