import type { JSX } from 'preact'
import { CrossEntropy } from './cross-entropy.tsx'
import { Relu } from './relu.tsx'
import { Softmax } from './softmax.tsx'
import { Window } from './window.tsx'

/** Small live pictures beside a step's text, where they tell more than words: by lesson and step. */
const explainers: Readonly<Record<string, () => JSX.Element>> = {
  'mnist build': () => (
    <>
      <Relu />
      <Softmax />
    </>
  ),
  'mnist compile': () => <CrossEntropy />,
  'asl-cnn build': () => <Window />,
}

/** The live picture of a step; nothing where there is none. */
export function Explainer({ recipe, step }: { recipe: string; step: string }): JSX.Element | null {
  const Picture = explainers[`${recipe} ${step}`]
  return Picture ? (
    <div class="explainers">
      <Picture />
    </div>
  ) : null
}
