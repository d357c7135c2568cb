/** AssemblyScript. */
export function falls(): i32 {
  return 0
}
