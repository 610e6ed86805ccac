/// <reference lib="dom" />
import type { ArmTimeline, Lane, Timeline } from '../../report.ts'
import type { TimeTick } from '../charts/happened/time-axis.ts'
import type { Tip } from './tip.ts'

/** What the page's other functions give to this one. */
export interface TimelineTools {
  readonly timeTicks: (fromMs: number, untilMs: number, most: number) => TimeTick[]
  readonly clockText: (ms: number, lengthMs: number) => string
  readonly formatShare: (share: number) => string
  readonly formatBytes: (bytes: number) => string
  readonly apart: (ys: readonly number[], gap: number, top: number, bottom: number) => number[]
}

/**
 * Zoom and tooltips of the charts over time: all of them show the same stretch. Runs in the page, so it may use nothing from
 * outside but what it is given.
 */
export function timelineView(tip: Tip, tools: TimelineTools): void {
  const { timeTicks, clockText, formatShare, formatBytes, apart } = tools
  const section = document.getElementById('happened')
  const data = document.getElementById('report')?.textContent
  if (section === null || data == null) return
  const timeline: Timeline = JSON.parse(data).timeline
  const longestMs = Math.max(...Object.values(timeline).map(({ windowMs }) => windowMs))
  const strips = [...section.querySelectorAll<HTMLElement>('.strip')]
  const svgOf = new Map(strips.map((strip) => [strip, strip.querySelector('svg')!]))
  const bar = section.querySelector<HTMLElement>('.zoom')!
  const fullBox = (strip: HTMLElement): number[] => boxes.get(strip)!
  const boxes = new Map(
    strips.map((strip) => [strip, svgOf.get(strip)!.getAttribute('viewBox')!.split(' ').map(Number)]),
  )
  let fromMs = 0
  let untilMs = longestMs

  /** Shows a stretch, no shorter than a thousandth of the whole, and within it. */
  function zoomTo(from: number, until: number): void {
    const length = Math.min(longestMs, Math.max(longestMs / 1000, until - from))
    fromMs = Math.max(0, Math.min(from, longestMs - length))
    untilMs = fromMs + length
    for (const strip of strips) {
      const [, , width, height] = fullBox(strip) as [number, number, number, number]
      const scale = width / longestMs
      svgOf.get(strip)!.setAttribute('viewBox', `${fromMs * scale} 0 ${length * scale} ${height}`)
    }
    for (const axis of section!.querySelectorAll<HTMLElement>('.time-axis')) {
      axis.replaceChildren(
        ...timeTicks(fromMs, untilMs, Math.max(2, Math.min(5, Math.floor(axis.clientWidth / 65)))).flatMap(tickMarks),
      )
    }
    const isAll = length >= longestMs
    bar.querySelector('output')!.textContent = isAll
      ? ''
      : `${clockText(fromMs, length)} to ${clockText(untilMs, length)}`
    disable('out', isAll)
    disable('all', isAll)
    disable('earlier', fromMs <= 0)
    disable('later', untilMs >= longestMs * (1 - 1e-9))
    disable('in', length <= longestMs / 1000)
    nameLines()
    hide()
  }

  /** Names stand where their lines leave the chart. */
  function nameLines(): void {
    for (const chart of section!.querySelectorAll<HTMLElement>('.occupancy')) {
      const height = chart.querySelector('.strip')!.clientHeight
      const names = [...chart.querySelectorAll<HTMLElement>('.ends span')]
      const ys = names.map(({ dataset: { arm, memory } }) => {
        const { binMs, memories } = timeline[arm!]!
        const values = memories[memory as 'dram' | 'warehouse']!.heldBytes
        const last = Math.min(values.length, Math.ceil(untilMs / binMs - 1e-9)) - 1
        return height * (1 - values[last]! / Number(chart.dataset.most))
      })
      apart(ys, 16, 0, height).forEach((y, i) => {
        names[i]!.style.top = `${y}px`
      })
    }
  }

  function tickMarks({ at, label }: TimeTick): HTMLElement[] {
    return ['i', 'span'].map((tag) => {
      const mark = document.createElement(tag)
      mark.style.left = `${at * 100}%`
      if (tag === 'span') {
        mark.textContent = label
        mark.style.transform = `translateX(${-at * 100}%)`
      }
      return mark
    })
  }

  /** It keeps the focus, so that the keyboard does not lose its place. */
  function disable(name: string, isOff: boolean): void {
    bar.querySelector(`[data-zoom="${name}"]`)!.setAttribute('aria-disabled', String(isOff))
  }

  function zoomBy(factor: number, aroundMs = (fromMs + untilMs) / 2): void {
    const share = (aroundMs - fromMs) / (untilMs - fromMs)
    const length = Math.min(longestMs, (untilMs - fromMs) * factor)
    zoomTo(aroundMs - share * length, aroundMs + (1 - share) * length)
  }

  function move(share: number): void {
    zoomTo(fromMs + share * (untilMs - fromMs), untilMs + share * (untilMs - fromMs))
  }

  const actions: Readonly<Record<string, () => void>> = {
    in: () => zoomBy(0.5),
    out: () => zoomBy(2),
    earlier: () => move(-0.5),
    later: () => move(0.5),
    all: () => zoomTo(0, longestMs),
  }
  bar.hidden = false
  bar.addEventListener('click', ({ target }) => {
    const button = (target as Element).closest<HTMLElement>('[data-zoom]')
    if (button !== null && button.getAttribute('aria-disabled') !== 'true') actions[button.dataset.zoom!]!()
  })

  const cursor = document.createElement('div')
  cursor.className = 'cursor'

  function hide(): void {
    cursor.remove()
    tip.hide()
  }

  /** The ends of what a strip tells of, one by one. */
  function stopsOf(strip: HTMLElement): readonly number[] {
    const arm = armOf(strip)
    if (strip.dataset.lane !== undefined) return arm.lanes[Number(strip.dataset.lane)]!.untilMs
    return arm.evictions.map((_, bin) => Math.min(arm.windowMs, (bin + 1) * arm.binMs))
  }

  /** The arm of a strip; of the memories below HBM, the one that lasts longest. */
  function armOf(strip: HTMLElement): ArmTimeline {
    const named = timeline[strip.dataset.arm ?? '']
    return (
      named ??
      Object.values(timeline)
        .filter(hasBelow)
        .sort((a, b) => b.windowMs - a.windowMs)[0]!
    )
  }

  function hasBelow({ memories }: ArmTimeline): boolean {
    return memories.dram !== undefined || memories.warehouse !== undefined
  }

  function words(strip: HTMLElement, stop: number): string {
    const name = strip.dataset.arm ?? ''
    const arm = armOf(strip)
    const stops = stopsOf(strip)
    const [start, end] = [stop === 0 ? 0 : stops[stop - 1]!, stops[stop]!]
    const time = (ms: number): string => clockText(ms, Math.min(untilMs - fromMs, (end - start) * 1000))
    if (strip.dataset.lane !== undefined) {
      const who = strip.parentElement!.firstElementChild!.textContent
      return `${name}, ${who}, ${time(start)} to ${time(end)}: ${laneWords(arm, Number(strip.dataset.lane), stop, start, end)}`
    }
    if (strip.dataset.memories === 'hbm') {
      const { heldBytes, pinnedBytes, capacityBytes } = arm.memories.hbm
      const held = heldBytes[stop]! / capacityBytes!
      const pinned = (pinnedBytes ?? heldBytes)[stop]! / capacityBytes!
      return `${name}, ${time(end)}: requests hold ${formatShare(pinned)}, ${formatShare(held - pinned)} is cached besides`
    }
    const all = Object.entries(timeline).flatMap(([other, { memories, binMs, windowMs }]) =>
      [memories.dram, memories.warehouse].flatMap((memory) => {
        const bytes = end <= windowMs ? memory?.heldBytes[Math.ceil(end / binMs - 1e-9) - 1] : undefined
        return bytes === undefined ? [] : [`${other} ${formatBytes(bytes)}`]
      }),
    )
    return `${time(end)}: ${all.join(', ')}`
  }

  function laneWords(arm: ArmTimeline, number: number, stop: number, start: number, end: number): string {
    const lane = arm.lanes[number]!
    const parts: [keyof Lane, string][] = [
      ['usefulPrefillMs', 'useful prefill'],
      ['decodeMs', 'decode'],
      ['redundantPrefillMs', 'redundant prefill'],
      ['stalledMs', 'stalled'],
      ['starvedMs', 'starved'],
    ]
    const shares = parts
      .map(([key, name]) => ({ name, share: lane[key][stop]! / (end - start) }))
      .filter(({ share }) => share >= 0.0005)
      .map(({ name, share }) => `${name} ${formatShare(share)}`)
    const steps = lane.steps[stop]!
    const isFetching = lane.fetchFromMs.some((from, i) => from < end && lane.fetchUntilMs[i]! > start)
    return [
      ...shares,
      ...(steps > 0 ? [`${steps.toLocaleString('en-US')} ${steps === 1 ? 'step' : 'steps'}`] : []),
      ...(isFetching ? ['fetching'] : []),
    ].join(', ')
  }

  /** Marks what a strip tells of, and tells of it; brings it into view. */
  function tell(strip: HTMLElement, stop: number): void {
    const stops = stopsOf(strip)
    const [start, end] = [stop === 0 ? 0 : stops[stop - 1]!, stops[stop]!]
    if (end <= fromMs || start >= untilMs) zoomTo(start - (untilMs - fromMs) / 2, start + (untilMs - fromMs) / 2)
    const share = (ms: number): number => (Math.max(fromMs, Math.min(untilMs, ms)) - fromMs) / (untilMs - fromMs)
    cursor.style.left = `${share(start) * 100}%`
    cursor.style.width = `${(share(end) - share(start)) * 100}%`
    strip.append(cursor)
    const { left, top, bottom, width } = strip.getBoundingClientRect()
    tip.show(words(strip, stop), left + ((share(start) + share(end)) / 2) * width, top, bottom)
  }

  for (const strip of strips) {
    let pressedX: number | undefined
    const msAt = (x: number): number => {
      const { left, width } = strip.getBoundingClientRect()
      return fromMs + ((x - left) / width) * (untilMs - fromMs)
    }
    const point = (x: number): void => {
      const stop = stopsOf(strip).findIndex((end) => end > msAt(x))
      if (stop < 0) hide()
      else tell(strip, stop)
    }
    strip.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return
      pressedX = event.clientX
      strip.setPointerCapture(event.pointerId)
      point(event.clientX)
    })
    strip.addEventListener('pointermove', ({ clientX }) => {
      if (pressedX === undefined || Math.abs(clientX - pressedX) < 5) return point(clientX)
      const { left, width } = strip.getBoundingClientRect()
      tip.hide()
      cursor.style.left = `${((Math.min(pressedX, clientX) - left) / width) * 100}%`
      cursor.style.width = `${(Math.abs(clientX - pressedX) / width) * 100}%`
      strip.append(cursor)
    })
    strip.addEventListener('pointerup', ({ clientX }) => {
      const from = pressedX
      pressedX = undefined
      if (from !== undefined && Math.abs(clientX - from) >= 5)
        zoomTo(msAt(Math.min(from, clientX)), msAt(Math.max(from, clientX)))
    })
    strip.addEventListener('pointercancel', () => {
      pressedX = undefined
      hide()
    })
    strip.addEventListener('pointerleave', ({ pointerType }) => {
      if (pressedX === undefined && pointerType !== 'touch') hide()
    })
    strip.addEventListener('dblclick', () => zoomTo(0, longestMs))
  }

  for (const chart of section.querySelectorAll<HTMLElement>('.lanes, .pools, .occupancy')) {
    const own = strips.filter((strip) => chart.contains(strip))
    let row = 0
    let stop = -1
    chart.tabIndex = 0
    chart.setAttribute('aria-description', 'Arrow keys walk through time and rows, plus and minus zoom, 0 shows all.')
    chart.addEventListener('blur', hide)
    chart.addEventListener('keydown', (event) => {
      const stops = stopsOf(own[row]!)
      const atMs = stops[stop]
      const toRow = (next: number): void => {
        row = Math.max(0, Math.min(own.length - 1, next))
        const others = stopsOf(own[row]!)
        const same = others.findIndex((end) => end >= (atMs ?? 0))
        stop = same < 0 ? others.length - 1 : same
      }
      const toStop = (next: number): void => {
        stop = Math.max(0, Math.min(stops.length - 1, next))
      }
      const walk: Readonly<Record<string, () => void>> = {
        ArrowRight: () => toStop(stop + 1),
        ArrowLeft: () => toStop(stop - 1),
        PageDown: () => toStop(stop + 20),
        PageUp: () => toStop(stop - 20),
        Home: () => toStop(0),
        End: () => toStop(stops.length - 1),
        ArrowDown: () => toRow(row + 1),
        ArrowUp: () => toRow(row - 1),
        '+': () => zoomBy(0.5, atMs),
        '-': () => zoomBy(2, atMs),
        '0': () => zoomTo(0, longestMs),
      }
      if (event.key === 'Escape') return hide()
      const step = walk[event.key]
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      step()
      if (stop >= 0) tell(own[row]!, stop)
    })
  }
  zoomTo(0, longestMs)
}
