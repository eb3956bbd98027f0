/** What opens and closes any dialog. */
export interface DialogProps {
  readonly opened: boolean
  readonly close: () => void
}
