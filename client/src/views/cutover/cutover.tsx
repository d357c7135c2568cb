import '../../styles/cutover.css'
import { place } from '../../app/place.ts'

export function CutoverView() {
  return (
    <main class="main" id="main">
      <h1>Cutover {place.value.id}</h1>
    </main>
  )
}
