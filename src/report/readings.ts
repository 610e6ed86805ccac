import { formatRatio } from '../units.ts'
import { armPhrase, baselineArm } from './arms.ts'
import { againstStrongest, bestOf, headlineMultiplier, verdictOf } from './headline.ts'
import { kneeWords } from './knee-words.ts'
import type { Report } from './report.ts'
import { gpusOf } from './words/ratio.ts'

/** Readings beneath the answer, a line each. */
export interface Readings {
  /** The answer once more, in GPUs; of the same standing as the answer. */
  readonly own: readonly string[]
  /** Planned, whatever was measured. */
  readonly planned: readonly string[]
}

/** At most four: in GPUs, against what is free, each at its own best, where it begins. */
export function readingsOf(report: Report): Readings {
  const headline = headlineMultiplier(report)
  if (headline === undefined) return { own: [], planned: [] }
  const { arm } = headline
  return {
    own: [inGpus(report, arm)].filter((line) => line !== undefined),
    planned: [againstFree(report, arm), atBest(report, arm), kneeWords(report, arm)].filter(
      (line) => line !== undefined,
    ),
  }
}

function inGpus(report: Report, arm: string): string | undefined {
  const { multiplier } = headlineMultiplier(report)!
  const verdict = verdictOf(multiplier)
  if (verdict === 'loadLimited' || verdict === 'none') return undefined
  const most = { gain: '', loss: 'only ', atLeast: 'at least ', atMost: 'at most ' }[verdict]
  return `100 GPUs with ${armPhrase(arm)} do the work of ${most}${gpusOf(multiplier.value)} with ${armPhrase(baselineArm)}.`
}

/** What costs nothing to try, in the words of who runs it. */
function againstFree(report: Report, arm: string): string | undefined {
  const figure = againstStrongest(report, arm)
  const { strongestBaseline } = report
  if (figure === undefined || strongestBaseline === undefined) return undefined
  const limits = figure.bound === 'loadLimited' ? ', as far as this load shows' : noGain(figure.value)
  return `Against the best you can do for free (${freeWords(strongestBaseline.name)}): ${formatRatio(figure.value)}${limits}.`
}

/** Within what the controls allow for, it is none. */
function noGain(value: number): string {
  return Math.abs(value - 1) <= 0.02 ? ', no gain' : ''
}

function freeWords(name: string): string {
  return name.replace(' routing', '').replace('session-affine', 'session affinity')
}

function atBest(report: Report, arm: string): string | undefined {
  const best = bestOf(report, arm)
  if (best === undefined || best.bound === 'loadLimited') return undefined
  const bound = { exact: '', lower: 'at least ', upper: 'at most ' }[best.bound]
  return `Each at its own best load, against ${armPhrase(baselineArm)}: ${bound}${formatRatio(best.value)}.`
}
