import type { ComponentChildren, JSX } from 'preact'
import { useEdges } from './edges.ts'

/** What may be wider than the page: it scrolls by itself, with the keyboard too. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  const ref = useEdges<HTMLDivElement>()
  return (
    // biome-ignore-start lint/a11y: what can be scrolled must be reachable by keyboard; a section would be a landmark, a fieldset is for forms
    <div ref={ref} class="scroll" role="group" tabIndex={0} aria-label={label}>
      {children}
    </div>
    // biome-ignore-end lint/a11y: as above
  )
}
