// Moments as RFC 3339 writes them, without the platform's clock object, so that this package stays pure.
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|([+-])(\d\d):(\d\d))$/

/** @returns epoch seconds; undefined for anything but a moment */
export function parseMoment(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const match = MOMENT.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, , sign, offsetHour, offsetMinute] = match
  const days = daysSinceEpoch(Number(year), Number(month), Number(day))
  const offsetSeconds =
    sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(offsetHour) * 3600 + Number(offsetMinute) * 60)
  return days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second ?? 0) - offsetSeconds
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar: years counted from March make leap days the last of their year. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return (
    shifted * 365 +
    Math.floor(shifted / 4) -
    Math.floor(shifted / 100) +
    Math.floor(shifted / 400) +
    dayOfYear -
    719_468
  )
}
