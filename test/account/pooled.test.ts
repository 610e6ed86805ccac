import { describe, expect, it } from 'vitest'
import { pooledBooks, type WindowBooks } from '../../src/account/pooled.ts'
import { notRefused } from '../../src/errors.ts'
import type { Draw } from '../../src/experiment/draws/draw.ts'
import { draw } from '../../src/worker.ts'
import { smallTask } from '../experiment/small-task.ts'

const drawn = async (seed: number, requests: number): Promise<Draw> =>
  notRefused(await draw(smallTask({ seed, requests, arms: ['hbm-only', 'warehouse'] })))
const [first, second] = await Promise.all([drawn(1, 60), drawn(2, 90)])
const books = (name: string): WindowBooks[] => [first[name]!, second[name]!]

describe('windows of several draws joined', () => {
  it('to one draw alone change nothing', () => {
    for (const own of Object.values(first)) {
      const { metrics, replicas, totals } = pooledBooks([own], 1)
      const { tokensPerSecond, tokensPerGpuSecond, totalTokensPerGpuSecond } = own.metrics
      expect({ ...metrics }).toMatchObject({ tokensPerSecond, tokensPerGpuSecond, totalTokensPerGpuSecond })
      closeTo(metrics, own.metrics)
      expect(replicas).toHaveLength(own.replicas.length)
      replicas.forEach((replica, i) => {
        const { openMs: _open, closeMs: _close, ...counted } = replica
        const { openMs, closeMs, ...expected } = own.replicas[i]!
        closeTo(counted, expected)
        expect(replica.closeMs - replica.openMs).toBeCloseTo(closeMs - openMs, 6)
      })
      expect(totals.outputTokens).toBe(own.replicas.reduce((sum, { outputTokens }) => sum + outputTokens, 0))
    }
  })

  it('have the mean of their throughputs, so that the ratio of two arms is the ratio of means', () => {
    const rate = (name: string): number => pooledBooks(books(name), 1).metrics.tokensPerGpuSecond
    const mean = (name: string): number =>
      (first[name]!.metrics.tokensPerGpuSecond + second[name]!.metrics.tokensPerGpuSecond) / 2
    for (const name of ['hbm-only', 'warehouse']) expect(rate(name)).toBeCloseTo(mean(name), 12)
    // What a table shows of replicas has the mean that it shows of the arm.
    for (const name of ['hbm-only', 'warehouse']) {
      const { replicaRates } = pooledBooks(books(name), 1)
      expect(replicaRates).toHaveLength(2)
      expect((replicaRates[0]! + replicaRates[1]!) / 2).toBeCloseTo(rate(name), 12)
    }
    expect(rate('warehouse') / rate('hbm-only')).toBeCloseTo(mean('warehouse') / mean('hbm-only'), 12)
  })

  it('have all requests, tokens, samples and time of both', () => {
    for (const name of ['hbm-only', 'warehouse']) {
      const { metrics, totals, replicas } = pooledBooks(books(name), 1)
      const sum = (of: (book: WindowBooks) => number): number => books(name).reduce((all, book) => all + of(book), 0)
      expect(metrics.window.requests).toBe(60 + 90)
      expect(metrics.window.seconds).toBeCloseTo(
        sum((book) => book.metrics.window.seconds),
        9,
      )
      expect(metrics.promptTokens).toBe(sum((book) => book.metrics.promptTokens))
      expect(metrics.gpus).toBe(2)
      expect(totals.ttftMs).toHaveLength(sum(({ replicas }) => replicas.flatMap(({ ttftMs }) => ttftMs).length))
      expect(replicas).toHaveLength(2)
      const { busyShare, stalledShare, starvedShare } = metrics
      expect(busyShare + stalledShare + starvedShare).toBeCloseTo(1, 9)
      expect(metrics.busyShare).toBeGreaterThanOrEqual(Math.min(...books(name).map((book) => book.metrics.busyShare)))
      expect(metrics.busyShare).toBeLessThanOrEqual(Math.max(...books(name).map((book) => book.metrics.busyShare)))
    }
  })
})

/** The same figures, each to nine digits. */
function closeTo(actual: unknown, expected: unknown): void {
  expect(JSON.stringify(actual, digits)).toBe(JSON.stringify(expected, digits))
}

function digits(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(9)) : value
}
