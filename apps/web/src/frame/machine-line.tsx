import type { JSX } from 'preact'
import { machine } from '../state/classroom.ts'
import { say } from '../state/language.ts'

/** On what this browser will train, and why not on more. */
export function MachineLine(): JSX.Element {
  const words = say.value
  const here = machine.value
  if (!here) return <p class="machine faint">{words.machine.asking}</p>
  const best = here.automatic
  const reasons = [
    ...new Set(
      here.engines.flatMap(({ reason, available, id }) => (reason && (!available || id === best?.id) ? [reason] : [])),
    ),
  ]
  return (
    <div class="machine faint">
      <p>
        {words.machine.willTrain(best && best.threads > 0 ? words.machine.cpu(best.threads) : words.machine.gpu)}{' '}
        {reasons.map((reason) => words.engines.reasons[reason]).join(' ')}
      </p>
      {!here.keeps && <p>{words.machine.forgets}</p>}
    </div>
  )
}
