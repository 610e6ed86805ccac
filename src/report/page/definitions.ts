/** The terms of the page, in the order in which they are met. */
export const definitions: readonly (readonly [term: string, meaning: string])[] = [
  [
    'effective GPU multiplier',
    'tokens per GPU-second of an arm ÷ that of the baseline arm; same workload, GPUs, caps, router and load. GPU equivalents are a hundred times it.',
  ],
  [
    'each at its own best load',
    'the same ratio, with each arm at the load at which it is fastest: more load slows a baseline that thrashes.',
  ],
  [
    'the answer',
    'what the workload is worth, not one draw of it: the ratio of mean throughputs over many planned draws, times the geometric mean of measured ÷ planned on the few draws that were measured. Every multiplier over several draws is such a ratio of means; what is planned beside the answer with fewer draws is put on it by how it differs on the same draws.',
  ],
  [
    'equal service',
    'the same ratio, with each arm at the highest load, interpolated, at which TTFT p95 and TPOT p95 keep the same SLO.',
  ],
  [
    'strongest free baseline',
    'the best that the same GPUs do without buying anything: best router, order of admission and policy, the DRAM that the host has anyway, and a limit on the load that keeps it from thrashing.',
  ],
  [
    'capacity, sharing',
    'what a private tier for each replica gives, and what reading another replica’s HBM gives; where both come from one tier, each is the mean of coming first and coming second (Shapley values on the logarithm).',
  ],
  ['break-even', 'the context length from which on a fetch takes no longer than a recompute.'],
  ['tokens per GPU-second', 'output tokens of the window ÷ (GPUs × its length).'],
  [
    'hit rate',
    '(HBM hit + DRAM hit + warehouse hit) ÷ prompt tokens. Its ceiling is the same if nothing computed before were ever lost.',
  ],
  ['computed again, redundant prefill', 'prompt tokens computed although some GPU had computed them before.'],
  ['redundant prefill overhead', 'GPU time spent on redundant prefill ÷ all other busy GPU time.'],
  [
    'busy, stalled, starved',
    'a step runs; a request is there, but waits for a fetch, a store or slots; no request of its own. Only starved time is a sign of too little load.',
  ],
  [
    'lower bound, upper bound, load-limited',
    'the arm, the baseline, or both were starved for more than 10 % of their time. What is load-limited is no figure of capacity.',
  ],
  ['TTFT, TPOT', 'time to first token; time per output token after the first.'],
  [
    '95 % interval',
    'of the answer: it joins what the draws leave open with what the measured correction does. The noise of timing in one draw, and what a single window may show, are other figures with names of their own.',
  ],
  ['ceiling', 'the arm infinite-cache: a cache that loses nothing and costs nothing to read or write.'],
]
