import type { JSX } from 'preact'
import { Scroll } from '../outputs/scroll.tsx'
import { say } from '../state/language.ts'

/** What is taken for what, as a table whose cells are the darker, the larger their share of the row. */
export function ConfusionTable(props: {
  matrix: readonly (readonly number[])[]
  classNames: readonly string[]
}): JSX.Element {
  const { matrix, classNames } = props
  const words = say.value.looking
  return (
    <Scroll label={words.confusion}>
      <table class="confusion" data-size={classNames.length > 12 ? 'small' : 'large'}>
        <caption>
          {words.confusion} <span class="faint">{words.confusionNote}</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">{words.truth}</span>
            </th>
            {classNames.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.map((row, actual) => (
            <Row key={classNames[actual]} row={row} actual={actual} classNames={classNames} />
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function Row(props: { row: readonly number[]; actual: number; classNames: readonly string[] }): JSX.Element {
  const { row, actual, classNames } = props
  const words = say.value.looking
  const total = Math.max(
    1,
    row.reduce((sum, n) => sum + n, 0),
  )
  const name = classNames[actual] ?? ''
  return (
    <tr>
      <th scope="row">{name}</th>
      {row.map((n, predicted) => {
        const isRight = predicted === actual
        // Mistakes have a scale of their own: a twentieth of a row is already strong.
        const strength = Math.min(1, isRight ? n / total : (20 * n) / total)
        // Nothing between half and full strength: numbers would be hard to read on it.
        const isStrong = strength > 0.5
        const label = words.confusionCell(name, classNames[predicted] ?? '', n)
        return (
          <td
            key={classNames[predicted]}
            title={label}
            data-right={isRight}
            data-strong={isStrong}
            style={{ '--strength': `${Math.round(isStrong ? 100 : 80 * strength)}%` }}
          >
            {n > 0 ? n : ''}
          </td>
        )
      })}
    </tr>
  )
}
