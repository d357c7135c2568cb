import '../../styles/audit.css'

export function AuditView() {
  return (
    <main class="main" id="main">
      <h1>Audit</h1>
    </main>
  )
}
