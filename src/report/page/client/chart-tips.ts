/// <reference lib="dom" />
import type { Tip } from './tip.ts'

/**
 * Makes the titles of marks into tooltips that pointer, finger and keyboard reach: a chart is focused with Tab, arrow keys
 * walk its marks, Escape closes. Runs in the page, so it may use nothing from outside.
 */
export function chartTips(tip: Tip): void {
  const reachPx = 14

  for (const svg of document.querySelectorAll<SVGSVGElement>('main svg')) {
    const marks = [...svg.querySelectorAll('title')].map((title) => {
      const mark = title.parentElement as Element as SVGGraphicsElement
      mark.dataset.tip = title.textContent ?? ''
      title.remove()
      return mark
    })
    if (marks.length > 0) listen(svg, marks)
  }

  function listen(svg: SVGSVGElement, marks: readonly SVGGraphicsElement[]): void {
    let at = -1
    svg.setAttribute('tabindex', '0')
    svg.setAttribute('aria-description', 'Arrow keys walk through its values.')

    const close = (): void => {
      marks[at]?.classList.remove('walked')
      tip.hide()
    }
    const point = ({ clientX, clientY }: PointerEvent): void => {
      const mark = nearest(marks, clientX, clientY)
      if (mark === undefined) close()
      else tip.show(mark.dataset.tip!, clientX, clientY)
    }
    svg.addEventListener('pointermove', point)
    svg.addEventListener('pointerdown', point)
    svg.addEventListener('pointercancel', close)
    svg.addEventListener('pointerleave', ({ pointerType }) => {
      if (pointerType !== 'touch') close()
    })
    svg.addEventListener('blur', close)
    svg.addEventListener('keydown', (event) => {
      const last = marks.length - 1
      const to: Readonly<Record<string, number>> = {
        ArrowRight: Math.min(last, at + 1),
        ArrowDown: Math.min(last, at + 1),
        ArrowLeft: Math.max(0, at - 1),
        ArrowUp: Math.max(0, at - 1),
        Home: 0,
        End: last,
      }
      if (event.key === 'Escape') close()
      const next = to[event.key]
      if (next === undefined) return
      event.preventDefault()
      close()
      at = next
      const mark = marks[at]!
      mark.classList.add('walked')
      const { left, top, width, height } = mark.getBoundingClientRect()
      tip.show(mark.dataset.tip!, left + width / 2, top, top + height)
    })
  }

  /** The mark under the pointer, or the one that is nearest to it, if it is near. */
  function nearest(marks: readonly SVGGraphicsElement[], x: number, y: number): SVGGraphicsElement | undefined {
    let found: SVGGraphicsElement | undefined
    let least = reachPx
    for (const mark of marks) {
      const { left, right, top, bottom } = mark.getBoundingClientRect()
      const distance = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom))
      if (distance >= least) continue
      least = distance
      found = mark
    }
    return found
  }
}
