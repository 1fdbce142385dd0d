import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** How far one may be from an edge and still be at it: sizes are rounded. */
const NEAR = 2

/** Keeps `data-more` of an element that scrolls up to date: the sides at which there is more than is seen. Style sheets fade them out. */
export function useEdges<E extends HTMLElement>(): RefObject<E | null> {
  const ref = useRef<E>(null)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const update = (): void => {
      element.dataset.more = hiddenSides(element).join(' ')
    }
    const sizes = new ResizeObserver(update)
    for (const each of [element, ...element.children]) sizes.observe(each)
    element.addEventListener('scroll', update, { passive: true })
    update()
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', update)
    }
  }, [])
  return ref
}

function hiddenSides(element: HTMLElement): string[] {
  const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = element
  const sides = {
    left: scrollLeft,
    right: scrollWidth - clientWidth - scrollLeft,
    top: scrollTop,
    bottom: scrollHeight - clientHeight - scrollTop,
  }
  return Object.entries(sides).flatMap(([side, hidden]) => (hidden > NEAR ? [side] : []))
}
