// An object in a list of choices: its name, and what tells two objects of that name apart.
import type { Named } from './match-object.ts'

export function OptionText({ item, label }: Named) {
  const other = item.username ?? item.id
  if (other === label) return label
  return (
    <span>
      {label} <code className="cw-quiet-text">{other}</code>
    </span>
  )
}
