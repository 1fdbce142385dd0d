import { expect, test } from 'vitest'
import './node-document.node.ts'
import { element } from './sheet.ts'
import { svgText } from './svg-text.ts'

test('what XML reserves is escaped, and what it cannot hold is left out', () => {
  const text = element('text', { 'aria-label': '"<&>"' }, 'a < b & c > d\u00a0\u0007')
  expect(svgText(text)).toBe('<text aria-label="&quot;&lt;&amp;&gt;&quot;">a &lt; b &amp; c &gt; d\u00a0</text>')
})

test('coordinates have two decimals, words keep theirs', () => {
  const path = element('path', { d: 'M1.23456,7L0.1,99.999', 'aria-label': '1.23456' })
  expect(svgText(path)).toBe('<path d="M1.23,7L0.1,100" aria-label="1.23456"/>')
})
