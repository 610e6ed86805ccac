/// <reference lib="dom" />

/** The one tooltip of a page: a status line for screen readers, and beside the mark for all others. */
export interface Tip {
  /** Above the mark, or beneath it where there is no room. @param x its middle, in px of the window */
  show(text: string, x: number, top: number, bottom?: number): void
  hide(): void
}

/** Runs in the page. */
export function createTip(): Tip {
  const box = document.createElement('div')
  box.className = 'tip'
  box.setAttribute('role', 'status')
  document.body.append(box)
  // A finger leaves what it has touched at once: its tooltip stays until something else is touched.
  document.addEventListener('pointerdown', ({ target }) => {
    if ((target as Element).closest('svg, .strip') === null) hide()
  })

  function hide(): void {
    box.classList.remove('shown')
    box.textContent = ''
  }

  return {
    show(text, x, top, bottom = top) {
      box.textContent = text
      box.classList.add('shown')
      const { width, height } = box.getBoundingClientRect()
      const left = Math.max(8, Math.min(x - width / 2, document.documentElement.clientWidth - width - 8))
      const above = top - height - 10
      box.style.left = `${left}px`
      box.style.top = `${above > 4 ? above : bottom + 14}px`
    },
    hide,
  }
}
