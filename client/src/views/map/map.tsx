import '../../styles/map-columns.css'
import { place } from '../../app/place.ts'
import { Explore } from './explore.tsx'
import { Matrix } from './matrix.tsx'

/** Map: systems by systems, or what stands around one thing. */
export function MapView() {
  const { id } = place.value
  return id === '' ? <Matrix /> : <Explore key="explore" id={id} />
}
