// What each role can do, in a sentence each.
import { ROLES } from '@crosswalk/admin-api'

import { Facts } from '../../components/facts.tsx'
import { Section } from '../../components/page-header.tsx'
import { text } from '../../texts/text.ts'

export function RoleSummary() {
  return (
    <Section title={text('roles.summary')}>
      <div className="cw-card">
        <Facts facts={ROLES.map((role) => [text(`role.${role}`), text(`roles.can.${role}`)])} />
      </div>
    </Section>
  )
}
