// Why a fault was not shown to its end.

/** The same request without the fault did not pass: the rest would prove nothing. */
export class ControlFailed extends Error {
  override readonly name = 'ControlFailed'
}

/** It cannot be shown now, for a reason that the person may hear. */
export class FaultUnavailable extends Error {
  override readonly name = 'FaultUnavailable'
}
