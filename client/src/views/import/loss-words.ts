/**
 * What it means that records were left out, by reason (graph/facts.ts `lossReasons`, graph/answer/coverage.ts): some
 * hold nothing for us, some were lost, and more than one lost in a hundred caps every verdict that stands on the source.
 */
const byReason: Readonly<Record<string, string>> = {
  'not-relevant': 'Left out on purpose: nothing is lost.',
  empty: 'There was nothing: nothing is lost.',
  template: 'Left out. Render it (helm template, terraform show -json) and import the result.',
  'masked-identifier': 'Left out: the export itself hides which thing it is. Export it without masks to see it.',
  'error-response': 'Left out: the platform refused when the export was made. Check the permission and export again.',
  'unknown-type': 'Left out: what such things use is not seen. State it in a bundle if credentials hang on it.',
  'missing-identifier': 'Left out: nothing says which thing it is about.',
}

const LOST = 'Lost. Beyond one record in a hundred, no answer that stands on this source says “safe”.'

export const lossWords = (reason: string): string => byReason[reason] ?? LOST
