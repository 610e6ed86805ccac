import type { Report } from '../report.ts'
import type { Markup } from './markup.ts'
import { happened } from './sections/happened.ts'
import { overLoad, sweep } from './sections/load.ts'
import { alternatives, attribution, breakEven, equalServices, replicas } from './sections/origin.ts'
import { equivalents, gpuTime, latency, promptTokens, readings } from './sections/run.ts'

/** The findings in the order in which they are asked for. Empty where a run has none of it. */
export function findings(report: Report): Markup[] {
  return [
    equivalents,
    readings,
    promptTokens,
    gpuTime,
    attribution,
    latency,
    equalServices,
    overLoad,
    sweep,
    breakEven,
    happened,
    replicas,
    alternatives,
  ].map((finding) => finding(report))
}
