import { textWidth } from './plot.ts'

/** A text at a mark, all in px of the plot. */
export interface Label {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end'
}

/** What a label must keep clear of. */
export interface Room {
  readonly width: number
  /** A vertical line that it shall not cross where there is another side. */
  readonly line: number | undefined
}

const space = 12

/** Beside the mark that reaches from `low` to `high`: on the side that has room and crosses no line; undefined where neither has. */
export function labelBeside(
  text: string,
  { low, high, y }: { readonly low: number; readonly high: number; readonly y: number },
  room: Room,
): Label | undefined {
  const right: Label = { text, x: high + space, y, anchor: 'start' }
  const left: Label = { text, x: low - space, y, anchor: 'end' }
  const ordered = low > room.width * 0.55 ? [left, right] : [right, left]
  const fitting = ordered.filter((label) => extent(label)[0] >= 0 && extent(label)[1] <= room.width + space)
  return fitting.find((label) => !crosses(label, room.line)) ?? fitting[0]
}

/** On a line of its own, as near to the mark as the plot lets it be. */
export function labelBeneath(text: string, x: number, y: number, { width }: Room): Label {
  const half = textWidth(text) / 2
  return { text, x: Math.max(0, Math.min(x - half, width + space - 2 * half)), y, anchor: 'start' }
}

const lineHeight = 18

/** The parts of a vertical line between `top` and `bottom` that no label covers. */
export function clearOf(labels: readonly Label[], x: number, top: number, bottom: number): [number, number][] {
  const covered = labels.filter((label) => crosses(label, x)).sort((a, b) => a.y - b.y)
  const parts: [number, number][] = []
  let from = top
  for (const { y } of covered) {
    if (y - lineHeight / 2 > from) parts.push([from, y - lineHeight / 2])
    from = Math.max(from, y + lineHeight / 2)
  }
  return from < bottom ? [...parts, [from, bottom]] : parts
}

function extent({ text, x, anchor }: Label): [number, number] {
  return anchor === 'start' ? [x, x + textWidth(text)] : [x - textWidth(text), x]
}

function crosses(label: Label, line: number | undefined): boolean {
  const [low, high] = extent(label)
  return line !== undefined && low - 3 < line && line < high + 3
}
