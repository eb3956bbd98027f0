// Runs the doctor check of the recipe, with evidence that passes and evidence that does not, and looks it up in the reference.
import { renderDoctorPage } from '@crosswalk/lab'

import { diagnoseWith } from './doctor.ts'

const ID = 'M90'

export async function useDoctorCheck() {
  const without = await diagnoseWith({})
  const offered = await diagnoseWith({ dpop_signing_alg_values_supported: ['ES256'] })
  const [row] = /^\| `M90` .*$/m.exec(renderDoctorPage().split('## Identity provider')[1] ?? '') ?? []
  return {
    without: without.filter(({ id }) => id === ID).map(({ result, fix }) => [result, fix]),
    offered: offered.filter(({ id }) => id === ID).map(({ result }) => result),
    others: without.filter(({ id }) => id !== ID),
    row,
  }
}
