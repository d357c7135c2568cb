/** AssemblyScript. */
export function followed(): i32 {
  return 0
}
