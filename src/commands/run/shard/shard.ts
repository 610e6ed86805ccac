import { badInput } from '../../../errors.ts'

/** One of several parts of the work: "2/5" is the second of five. */
export interface Shard {
  /** From 1. */
  readonly index: number
  readonly count: number
}

const mostShards = 1000

export function shardOf(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text.trim())?.map(Number) ?? []
  if (index === undefined || count === undefined || index < 1 || index > count || count > mostShards) {
    throw badInput(
      '--shard',
      `"${text}" is no part of a whole`,
      `Write 2/5 for the second of five; at most ${mostShards}.`,
    )
  }
  return { index, count }
}

/** The part of a list that falls to a shard. Every one falls to exactly one; neighbours, which take about as long, to different ones. */
export function partOf<T>(items: readonly T[], { index, count }: Shard): T[] {
  return items.filter((_, i) => i % count === index - 1)
}

export function blobName({ index, count }: Shard): string {
  return `blob-${index}-of-${count}.json`
}
