// Events per lane over time as bars. The table below lists them.
import { useMemo } from 'react'

import { formatDay } from '../../components/time.tsx'
import { formatNumber, text } from '../../texts/text.ts'
import { countByLane, type Lane, LANES, type Period, SLICES, type TimelineEvent } from './timeline.ts'

interface TimelineLanesProps {
  readonly events: readonly TimelineEvent[]
  readonly period: Period
}

export function TimelineLanes({ events, period }: TimelineLanesProps) {
  const counts = useMemo(() => countByLane(events, period), [events, period])
  const most = Math.max(1, ...LANES.flatMap((lane) => counts[lane]))
  return (
    <figure className="cw-lanes" aria-label={text('timeline.lanes')}>
      {LANES.map((lane) => (
        <LaneBars key={lane} lane={lane} counts={counts[lane]} most={most} />
      ))}
      <div className="cw-lane-axis">
        <span>{formatDay(period.fromMs)}</span>
        <span>{formatDay(period.toMs)}</span>
      </div>
    </figure>
  )
}

interface LaneBarsProps {
  readonly lane: Lane
  readonly counts: readonly number[]
  readonly most: number
}

const HEIGHT = 24
/** Minimum height, so that a single event is visible. */
const MIN_HEIGHT = 5

function LaneBars({ lane, counts, most }: LaneBarsProps) {
  const sum = counts.reduce((one, other) => one + other, 0)
  return (
    <div className={`cw-lane cw-lane-${lane}`}>
      <span className="cw-lane-name">{text(`timeline.lane.${lane}`)}</span>
      <svg viewBox={`0 0 ${SLICES * 10} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {counts.map((count, at) => {
          const height = count === 0 ? 0 : MIN_HEIGHT + ((HEIGHT - MIN_HEIGHT) * count) / most
          return (
            <rect
              key={at}
              className="cw-lane-bar"
              x={at * 10 + 1}
              y={HEIGHT - height}
              width={8}
              height={height}
            />
          )
        })}
      </svg>
      <span className="cw-lane-count">{formatNumber(sum)}</span>
    </div>
  )
}
