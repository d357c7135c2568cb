import { keptChoice } from './kept-choice.ts'

/** Height of rows, in tables and in the front: 44 or 32 px. `public/theme.js` applies it before the first paint. */
export const density = keptChoice('density', ['comfortable', 'compact'])
density.subscribe((chosen) => {
  if (chosen === 'compact') document.documentElement.dataset['density'] = 'compact'
  else delete document.documentElement.dataset['density']
})

/** In which zone moments are written out. Exports and plans are UTC always. */
export const clock = keptChoice('clock', ['utc', 'local'])

/** Names are shown as pseudonyms, in answers that come from now on (model/pseudonyms.ts). */
export const presenting = keptChoice('present', ['off', 'on'])
