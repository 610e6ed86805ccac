import type { Figure } from '../../src/history/figure.ts'
import type { HistoryRecord } from '../../src/history/record.ts'

/** A figure as reports have them. */
export function figure(name: string, value: number, change: Partial<Figure> = {}): Figure {
  const common = { unit: 'tokens', low: null, high: null, kind: 'deterministic', better: 'higher' } as const
  return { name, value, ...common, toleranceRelative: 0, ...change }
}

/** A time, whose kind is measured. */
export function time(name: string, value: number, change: Partial<Figure> = {}): Figure {
  return figure(name, value, { unit: 'ms', kind: 'measured', better: 'lower', ...change })
}

/** A record of the given night. */
export function record(night: number, figures: readonly Figure[], change: Partial<HistoryRecord> = {}): HistoryRecord {
  return {
    schemaVersion: 1,
    experiment: 'nightly',
    commit: { hash: `${night}`.padStart(3, '0').padEnd(40, 'c'), dirty: false },
    date: new Date(Date.UTC(2026, 0, 1 + night)).toISOString(),
    trust: 'tensors',
    inputsHash: 'inputs',
    environment: machine('one'),
    figures: [...figures],
    ...change,
  }
}

export function machine(name: string): HistoryRecord['environment'] {
  return { fingerprint: name, cpu: `CPU ${name}`, cores: '2', system: 'linux 6.1', node: '20.20.2', kernels: 'simd' }
}
