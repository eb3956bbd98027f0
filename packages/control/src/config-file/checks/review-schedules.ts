// Review schedules: the apps that they name should exist.
import { checkAppNames } from './app-names.ts'
import { type FileCheck, nameOf } from './check.ts'

export const checkReviewSchedules: FileCheck = (view) =>
  view.reviewSchedules.flatMap((schedule) =>
    checkAppNames(nameOf('review schedule', schedule), schedule.path, schedule.value ?? {}, view),
  )
