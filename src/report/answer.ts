import { formatFigures, formatRatio } from '../units.ts'
import { armPhrase, baselineArm, headlineArm } from './arms.ts'
import { headlineMultiplier, type Multiplier, verdictOf } from './headline.ts'
import type { Report } from './report.ts'
import { intervalInBrackets } from './words/answer-ratio.ts'
import { atLoad } from './words/load.ts'

/** The one line that a reader takes away: what it is worth, at which load, how well that is known. */
export function answerSentence(report: Report): string {
  const headline = headlineMultiplier(report)
  const told = headline === undefined ? withoutMultiplier(report) : sentence(report, headline.arm, headline.multiplier)
  const before = standing(report)
  return before.length === 0 ? capital(told) : [...before, told].join(' ')
}

/** What nothing was measured of says so once, at its head. */
function standing({ arms, partial, trust }: Report): string[] {
  if (trust === 'tensors' || Object.keys(arms).length === 0) return partial ? ['Interrupted:'] : []
  return [partial ? 'Interrupted, so planned:' : 'Planned:']
}

/** An interval that ends below this holds no gain that anyone would buy. */
const hardlyAnything = 1.1

function sentence(report: Report, arm: string, multiplier: Multiplier): string {
  const phrase = armPhrase(arm)
  const are = isPlural(arm) ? 'are' : 'is'
  const worth = `${formatRatio(multiplier.value)} ${atLoad(report)}${intervalInBrackets(multiplier)}`
  const figure = `${formatRatio(multiplier.value)}${intervalInBrackets(multiplier)}`
  switch (verdictOf(multiplier)) {
    case 'gain':
      return isHardlyAnything(multiplier)
        ? `${phrase} ${isPlural(arm) ? 'add' : 'adds'} hardly anything ${atLoad(report)}: ${figure}.`
        : `${phrase} ${are} worth ${worth}.`
    case 'loss':
      return `${phrase} ${isPlural(arm) ? 'lose' : 'loses'} work ${atLoad(report)}: ${figure}.`
    case 'atLeast':
      return `${phrase} ${are} worth at least ${worth}.`
    case 'atMost':
      return `${phrase} ${are} worth at most ${worth}.`
    case 'loadLimited':
      return `no gain shows ${atLoad(report)}, where GPUs wait for work: ${figure}.`
    case 'none':
      return isHardlyAnything(multiplier)
        ? `${phrase} ${isPlural(arm) ? 'add' : 'adds'} nothing ${atLoad(report)}: ${figure}.`
        : `whether ${phrase} ${isPlural(arm) ? 'gain' : 'gains'} anything ${atLoad(report)} is open: ${figure}.`
  }
}

function isHardlyAnything({ value, high }: Multiplier): boolean {
  return (high ?? value) < hardlyAnything
}

/** "DRAM and the warehouse are", "more GPUs are". */
function isPlural(arm: string): boolean {
  return arm.startsWith('dram+') || arm.startsWith('more-gpus')
}

function withoutMultiplier(report: Report): string {
  const arm = headlineArm(report)
  const baseline = report.arms[baselineArm]
  if (arm === undefined && baseline === undefined) return 'No arm has figures, so there is no answer yet.'
  const name = arm ?? baselineArm
  const rate = formatFigures(report.arms[name]!.tokensPerGpuSecond)
  const does = `each GPU with ${armPhrase(name)} gives ${rate} output tokens a second ${atLoad(report)}`
  if (arm === undefined) return `Only ${baselineArm} ran, so there is nothing to compare it with: ${does}.`
  if (baseline === undefined) return `The baseline ${baselineArm} did not run, so there is no multiplier: ${does}.`
  return `The baseline ${baselineArm} gave no tokens in the window, so there is no multiplier: ${does}.`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
