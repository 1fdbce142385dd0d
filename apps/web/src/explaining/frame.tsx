import type { ComponentChildren, JSX } from 'preact'

/** The frame of a small live picture. */
export function Frame(props: { title: string; note: string; children: ComponentChildren }): JSX.Element {
  const { title, note, children } = props
  return (
    <figure class="explainer">
      <figcaption>
        <strong>{title}</strong> {note}
      </figcaption>
      {children}
    </figure>
  )
}
