// What assigns a user, as decision records and reach name it: by kind and id.
import type { Names } from '../../session/names.ts'
import { text } from '../../texts/text.ts'

export function describeVia(via: string, names: Names): string {
  const [, kind, id = ''] = /^(user|group|access-grant):(.+)$/.exec(via) ?? []
  if (kind === undefined) return via
  return text(`check.via.${kind as 'user' | 'group' | 'access-grant'}`, {
    name: kind === 'user' ? names.user(id) : id,
  })
}
