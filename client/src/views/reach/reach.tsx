/** Reach: what is within reach of whoever holds a thing, and how to contain it. */
export function ReachView() {
  return <main class="main" id="main" />
}
