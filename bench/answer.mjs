// Coverage of the answer's interval, simulated with the planner: the fitted cost model of suites/cost-model.json plans, machines whose
// terms differ from it by 15 % each (log sd) are what is "measured". `npm run build && node bench/answer.mjs [conversations a GPU]`.

import { Collector } from '../dist/src/account/collector.js'
import { armMetrics } from '../dist/src/account/metrics.js'
import { readCalibration } from '../dist/src/calibration/calibrate.js'
import { prepareExperiment } from '../dist/src/commands/run/experiment.js'
import { loadOf, load as loadWorkload, mockDeploymentOf, runSettings } from '../dist/src/commands/run/run-context.js'
import { armInput } from '../dist/src/experiment/arm-input.js'
import { drawSeeds, settleRequestsOf } from '../dist/src/experiment/draws/window.js'
import { planTimeline } from '../dist/src/plan/plan-arm.js'
import { seededRandom, shuffled } from '../dist/src/random.js'
import { answerOf } from '../dist/src/statistics/answer-interval.js'
import { ratioOfMeans } from '../dist/src/statistics/jackknife.js'

const sessions = Number(process.argv[2] ?? 8)
const machines = 10
const plannedDraws = 20
const longRequests = 1000
const shortRequests = 30
const triesAMachine = 20
const spread = 0.15
const arms = ['hbm-only', 'warehouse']

const { settings } = await prepareExperiment({ sessionsPerReplica: sessions, arms })
const fitted = mockDeploymentOf(settings, readCalibration('suites/cost-model.json'))

/** A machine that the cost model describes badly: every rate and overhead is another. */
function machine(random) {
  const off = (value) => value * Math.exp(spread * random.normal())
  const { linearFlopsPerMs, attentionFlopsPerMs, kvBytesPerMs, stepOverheadMs } = fitted.cost
  return {
    ...fitted,
    cost: {
      ...fitted.cost,
      linearFlopsPerMs: off(linearFlopsPerMs),
      attentionFlopsPerMs: off(attentionFlopsPerMs),
      kvBytesPerMs: off(kvBytesPerMs),
      stepOverheadMs: off(stepOverheadMs),
    },
  }
}

/** Throughput of baseline and arm in one draw. */
async function draw(deployment, seed, requests, isLong) {
  const workload = await loadWorkload(settings, fitted, seed)
  const load = loadOf(settings, fitted, workload)
  const window = { requests, overrunRequests: 0, settleRequests: isLong ? settleRequestsOf(load) : undefined }
  const [baseline, arm] = settings.arms.map((one) => {
    const input = armInput(one, deployment, runSettings(settings, fitted), workload.pool, load, window, seed)
    const collector = new Collector()
    planTimeline(input, collector)
    return armMetrics(collector.totals, input.replicas, 1).tokensPerGpuSecond
  })
  return { baseline, arm }
}

async function draws(deployment, seeds, requests, isLong) {
  const found = []
  for (const seed of seeds) found.push(await draw(deployment, seed, requests, isLong))
  return found
}

const random = seededRandom(`machines at ${sessions}`)
const seeds = drawSeeds(1, plannedDraws)
const planned = await draws(fitted, seeds, longRequests, true)
const shortPlanned = await draws(fitted, seeds, shortRequests, false)
const ratio = ({ arm, baseline }) => arm / baseline
const counts = new Map([3, 5].map((measured) => [measured, { covered: 0, width: 0, error: 0 }]))
let singles = 0
for (let i = 0; i < machines; i++) {
  const own = machine(random)
  const truth = ratioOfMeans(await draws(own, drawSeeds(500 + i, 2 * plannedDraws), longRequests, true))
  const short = await draws(own, seeds, shortRequests, false)
  for (let attempt = 0; attempt < triesAMachine; attempt++) {
    const order = shuffled([...seeds.keys()], random)
    for (const [measured, count] of counts) {
      const pairs = order
        .slice(0, measured)
        .map((k) => ({ measured: ratio(short[k]), planned: ratio(shortPlanned[k]) }))
      const { value, low, high } = answerOf(planned, pairs)
      count.covered += low <= truth && truth <= high ? 1 : 0
      count.width += Math.log(high / low) / 2
      count.error += Math.abs(Math.log(value / truth))
    }
    singles += Math.abs(Math.log(ratio(short[order[0]]) / truth)) <= 0.04 ? 1 : 0
  }
}
const tries = machines * triesAMachine
const percent = (share) => `${(100 * share).toFixed(1)} %`
console.log(
  `${sessions} conversations a GPU, ${machines} machines, ${plannedDraws} planned draws of ${longRequests} requests, measured ones of ${shortRequests}`,
)
console.log(`  one measured draw with ± 4 % of timing covers the long run in ${percent(singles / tries)}`)
for (const [measured, { covered, width, error }] of counts) {
  console.log(
    `  ${measured} measured draws: covered ${percent(covered / tries)}, half-width ${percent(Math.expm1(width / tries))}, error ${percent(Math.expm1(error / tries))} on average`,
  )
}
