// What assigns a user, as decision records and reach name it: by kind and id. Only a group needs its id to be recognised.
import { text } from '../../texts/text.ts'

export function describeVia(via: string): string {
  const [, kind, id = ''] = /^(user|group|access-grant):(.+)$/.exec(via) ?? []
  if (kind === undefined) return via
  return text(`check.via.${kind as 'user' | 'group' | 'access-grant'}`, { name: id })
}
