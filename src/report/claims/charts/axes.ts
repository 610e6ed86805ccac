import * as Plot from '@observablehq/plot'
import type { ParameterAxis } from '../../page/charts/load/axis.ts'
import { tickAxis } from '../../page/charts/load/panel.ts'
import type { ValueScale } from './scale.ts'

/** Grid and axes of a chart whose value goes up and whose parameter goes along. @param width of the frame, px */
export function upright(scale: ValueScale, parameter: ParameterAxis, width: number) {
  return {
    x: { type: parameter.type, domain: [...parameter.domain] },
    y: { type: scale.type, domain: [...scale.domain] },
    axes: [
      Plot.gridY({ ticks: scale.ticks, stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisY({ ticks: scale.ticks, tickSize: 0, label: null, tickFormat: scale.format, fill: 'var(--muted)' }),
      tickAxis(parameter, width),
    ],
  }
}

/** Grid and axes of a chart of rows whose value goes along. @param top, bottom of the rows, px */
export function lying(scale: ValueScale, top: number, bottom: number) {
  return {
    x: { type: scale.type, domain: [...scale.domain] },
    y: { domain: [top, bottom], range: [top, bottom], type: 'linear' as const, axis: null },
    axes: [
      Plot.gridX({ ticks: scale.ticks, stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisX({ ticks: scale.ticks, tickFormat: scale.format, tickSize: 0, label: null, fill: 'var(--muted)' }),
    ],
  }
}
